"""Generators that leave the house: as ONNX, tried with onnxruntime, and as a script that runs where Duelo is not."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from PIL import Image
from torch import nn

from engine.architectures import ARCHITECTURES, networks
from engine.config import Config
from engine.datasets.info import DatasetInfo
from engine.errors import UserError
from engine.export import onnx_file, script
from engine.job import result_of
from engine.latent.generator_session import GeneratorSession
from engine.latent.sampling import label_cycle, random_z
from engine.pictures import tile

NAMES = tuple("0123456789")
APART = 1e-4


def session_of(architecture, names=NAMES, level=None, channels=1, **options):
    """A generator whose batch norms and embeddings have seen something, as after a training."""
    torch.manual_seed(0)
    facts = DatasetInfo(100, names, channels, 16)
    config = Config.parse({"architecture": architecture, "z_dim": 6, "g_channels": 8} | options)
    network = networks.build_generator(config, facts)
    for module in network.modules():
        if isinstance(module, nn.modules.batchnorm._BatchNorm):
            module.running_mean.normal_()
            module.running_var.uniform_(0.5, 2)
        if isinstance(module, nn.Embedding):
            nn.init.normal_(module.weight)
    if level is not None:
        network.grow(level)
    session = GeneratorSession(config, facts)
    session.load({name: tensor.numpy().copy() for name, tensor in network.state_dict().items()})
    return session, facts


def asked(session, count, seed=5):
    return random_z(count, session.z_dim, seed), label_cycle(count, session.class_count)


def in_unit(session, z, labels):
    """The pictures of a session from 0 to 1, ``[N, C, H, W]``."""
    with torch.no_grad():
        return session.to_unit(session.pixels(torch.tensor(z), torch.tensor(labels))).clamp(0, 1).numpy()


CASES = [
    *((name, {}) for name in ARCHITECTURES),
    ("pixelshuffle", {"names": ()}),
    ("embedding", {"names": (), "channels": 3}),
    ("multiscale", {"names": (), "channels": 3}),
    ("progressive", {"level": 1.3}),
    ("progressive", {"level": 0.0, "names": ()}),
]


@pytest.mark.parametrize(("architecture", "how"), CASES, ids=str)
class TestEveryArchitecture:
    def test_onnx_draws_the_same_for_any_number_of_pictures(self, architecture, how, tmp_path):
        session, facts = session_of(architecture, **how)
        done = result_of(onnx_file.save(session, facts, tmp_path / "g.onnx"))
        assert done.apart <= APART
        running = onnxruntime.InferenceSession(tmp_path / "g.onnx", providers=["CPUExecutionProvider"])
        names = ["z", "labels"] if session.class_count else ["z"]
        assert [each.name for each in running.get_inputs()] == names
        for count in (1, 7):
            z, labels = asked(session, count)
            (images,) = running.run(["images"], {name: array for name, array in zip(names, (z, labels))})  # noqa: B905
            assert np.abs(images - in_unit(session, z, labels)).max() <= APART

    def test_the_script_draws_the_same(self, architecture, how, tmp_path):
        session, facts = session_of(architecture, **how)
        written = result_of(script.save(session, facts, tmp_path))
        text = written.script.read_text("utf-8")
        assert "engine" not in text and text.isascii()
        assert max(map(len, text.splitlines())) <= 120
        space = {"__name__": "generator", "__file__": str(written.script)}
        exec(compile(text, "generator.py", "exec"), space)
        z, labels = asked(session, 7)
        generator = space["load"]()
        arguments = (torch.tensor(z), torch.tensor(labels))[: 2 if session.class_count else 1]
        with torch.no_grad():
            assert np.abs(generator(*arguments).numpy() - in_unit(session, z, labels)).max() <= APART


def test_the_script_runs_where_duelo_is_not(tmp_path):
    session, facts = session_of("dcgan-tutorial", names=())
    written = result_of(script.save(session, facts, tmp_path / "new folder"))
    blocked = "import sys; sys.modules.update(dict.fromkeys(['engine', 'studio', 'main']))\n"
    (tmp_path / "sitecustomize.py").write_text(blocked)
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    check = "import importlib.util as u, sys; sys.exit(not (sys.modules['engine'] is None))"
    subprocess.run([sys.executable, "-c", check], cwd=tmp_path, env=environment, check=True)
    arguments = ["--count", "5", "--seed", "5", "--out", "drawn.png"]
    subprocess.run([sys.executable, written.script, *arguments], cwd=tmp_path, env=environment, check=True)
    drawn = np.asarray(Image.open(tmp_path / "drawn.png")).astype(int)
    expected = tile(session.render(*asked(session, 5)), 5, gap=0)
    assert np.abs(drawn - expected).max() <= 1


def test_labels_are_asked_for_by_name_and_names_do_no_harm(tmp_path, monkeypatch):
    names = ('"""; import os; os.abort()', "día", "\\", "b'")
    session, facts = session_of("pixelshuffle", names=names)
    written = result_of(script.save(session, facts, tmp_path))
    monkeypatch.setattr(sys, "argv", ["generator.py", "--labels", "\\,b'", "--out", str(tmp_path / "x.png")])
    runpy.run_path(str(written.script), run_name="__main__")
    z, _ = asked(session, 20, seed=0)
    expected = tile(session.render(z, np.resize([2, 3], 20)), 10, gap=0)
    assert np.abs(np.asarray(Image.open(tmp_path / "x.png")).astype(int) - expected).max() <= 1


def test_the_file_says_what_its_numbers_mean(tmp_path):
    session, facts = session_of("pixelshuffle")
    result_of(onnx_file.save(session, facts, tmp_path / "g.onnx"))
    model = onnx.load(tmp_path / "g.onnx")
    onnx.checker.check_model(model)
    said = {each.key: each.value for each in model.metadata_props}
    assert said == {"z_dim": "6", "classes": "\n".join(NAMES)}
    assert "0 (black) to 1 (white)" in model.doc_string


def test_without_the_package_one_is_told_what_to_install(tmp_path, monkeypatch):
    session, facts = session_of("mlp")
    monkeypatch.setattr(onnx_file, "is_available", lambda: False)
    with pytest.raises(UserError, match="pip install onnx onnxruntime"):
        result_of(onnx_file.save(session, facts, tmp_path / "g.onnx"))
    assert not list(tmp_path.iterdir())


class Odd(nn.Module):
    """Does what neither a trace nor a script can follow: looks at the numbers."""

    def forward(self, z, labels):
        return (z if bool(z.sum() > 0) else -z)[:, None, None, :2].tanh()


def test_what_cannot_be_traced_is_told_and_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(networks, "build_generator", lambda config, facts: Odd())
    facts = DatasetInfo(100, (), 1, 2)
    session = GeneratorSession(Config.parse({"architecture": "mlp", "z_dim": 6}), facts)
    with pytest.raises(UserError, match="cannot be written as a script"):
        result_of(script.save(session, facts, tmp_path))
    assert not list(tmp_path.iterdir())


def test_a_trace_that_draws_something_else_is_not_believed(tmp_path, monkeypatch):
    session, facts = session_of("mlp")
    monkeypatch.setattr(script, "_apart", lambda *_: 0.5)
    with pytest.raises(UserError, match=r"differ from ours by 0\.5"):
        result_of(script.save(session, facts, tmp_path))
    assert not list(tmp_path.iterdir())


def test_the_layers_of_torch_are_left_as_they_were():
    before = (nn.Linear.forward, nn.Conv2d.forward, nn.ConvTranspose2d.forward)
    session, _ = session_of("dcgan-3-8", names=())
    script.traced(script.PictureGenerator(session))
    assert (nn.Linear.forward, nn.Conv2d.forward, nn.ConvTranspose2d.forward) == before
