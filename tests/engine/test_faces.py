"""The drawn faces: the file holds what its script wrote, and the recipe trains on it."""

import ast
import hashlib
import json
import subprocess
import sys

import numpy as np
import pytest
import torch
from PIL import Image

from engine.architectures import ARCHITECTURES
from engine.architectures.networks import build_discriminator, build_generator
from engine.datasets import catalog, faces
from engine.datasets.sets import DATASETS
from engine.errors import UserError
from engine.evaluation import judge as judges
from engine.evaluation.distances import frechet_distance, moments
from engine.evaluation.evaluator import Evaluator
from engine.events import SamplesReady
from engine.pictures import as_pictures
from engine.recipes import recipe
from engine.runs import RunFolder
from engine.trainer import Trainer

MOST_BYTES = 3_000_000
TINY = {"g_channels": 4, "d_channels": 4, "batch_size": 8, "z_dim": 4, "eval_time_percent": 0, "threads": 1}


@pytest.fixture(scope="module")
def unpacked():
    return faces.load()


@pytest.fixture
def unpacked_once(unpacked, monkeypatch):
    """Let who wants them, whole or in part, have those that are unpacked already."""
    monkeypatch.setattr(faces, "load", lambda: unpacked)


def test_the_pixels_are_those_that_the_script_wrote(unpacked):
    sheet = json.loads(faces.MANIFEST.read_text("utf-8"))
    images, labels = unpacked
    assert images.shape == (4000, 3, 64, 64) and images.dtype == np.uint8
    laid_out = images.reshape(-1, sheet["columns"], 3, 64, 64).transpose(0, 3, 1, 4, 2)
    assert hashlib.sha256(np.ascontiguousarray(laid_out).tobytes()).hexdigest() == sheet["pixels_sha256"]
    assert faces.PATH.stat().st_size < MOST_BYTES
    assert tuple(sheet["classes"]) == DATASETS["faces"].class_names
    assert np.bincount(labels).tolist() == [500] * 8
    assert len({image.tobytes() for image in images}) > 3990


def test_the_class_is_the_color_of_the_hair(unpacked):
    images, labels = unpacked
    crowns = images[:, :, 14:20, 24:38].transpose(0, 2, 3, 1).reshape(len(images), -1, 3)
    colors = {
        name: bytes(np.median(crowns[labels == label].reshape(-1, 3), axis=0).astype(np.uint8)).hex()
        for label, name in enumerate(DATASETS["faces"].class_names)
    }
    script = ast.parse((faces.PATH.parent / "make_faces.py").read_text("utf-8"))
    assigned = (node for node in script.body if isinstance(node, ast.Assign))
    (hair,) = (node.value for node in assigned if ast.unparse(node.targets[0]) == "HAIR")
    assert colors == ast.literal_eval(hair) and len(colors) == 8


def test_origin_and_license_lie_beside_the_file():
    origin = (faces.PATH.parent / "ORIGIN.md").read_text("utf-8")
    assert all(said in origin for said in ("Lisa Wischofsky", "dicebear-styles", "CC0 1.0", "make_faces.py"))
    assert "CC0 1.0 Universal" in (faces.PATH.parent / "LICENSE.txt").read_text("utf-8")


def test_missing_or_damaged_faces_say_how_to_mend_it(tmp_path, monkeypatch):
    monkeypatch.setattr(faces, "PATH", tmp_path / "faces.webp")
    with pytest.raises(UserError, match="Install Duelo again"):
        faces.load()
    for rubbish in (b"RIFF rubbish", b""):
        faces.PATH.write_bytes(rubbish)
        with pytest.raises(UserError, match="Install Duelo again"):
            faces.load()


def test_some_colors_of_hair_can_be_chosen(unpacked_once):
    data = catalog.load(recipe("faces").config(classes=(2, 6)))
    assert data.class_names == ("ginger", "blue") and data.images.shape == (1000, 3, 64, 64)


def test_the_recipe_trains_on_them_and_draws_color(tmp_path):
    config = recipe("faces").config(**TINY, total_images=32, max_images=16)
    assert config.dataset == "faces" and ARCHITECTURES[config.architecture].is_conditional
    run = RunFolder(tmp_path / "run")
    grids = [event.grid for event in Trainer(config, run).run() if isinstance(event, SamplesReady)]
    assert grids[-1].ndim == 3 and run.info().facts.class_names == DATASETS["faces"].class_names
    assert np.isfinite(np.array(run.metrics())).all() and run.images_seen() == 32


def test_both_players_of_faces_work_on_pieces_of_two_by_two_pixels(unpacked_once):
    config = recipe("faces").config(**TINY)
    facts = catalog.load(config.changed(max_images=16)).facts
    generator, discriminator = build_generator(config, facts), build_discriminator(config, facts)
    drawn, seen = [], []
    generator.to_patches.register_forward_hook(lambda _layer, _given, made: drawn.append(made.shape))
    discriminator.from_patches.register_forward_pre_hook(lambda _layer, given: seen.append(given[0].shape))
    with torch.no_grad():
        pictures = generator(torch.zeros(2, 4), torch.tensor([0, 1]))
        discriminator(pictures, torch.tensor([0, 1]))
    assert pictures.shape == (2, 3, 64, 64)
    assert drawn == seen == [(2, 3 * 2 * 2, 32, 32)]


def test_reading_them_needs_no_torch():
    code = "import sys; from engine.datasets import faces; faces.load(); sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# --- photographs


@pytest.fixture
def celeba_root(tmp_path):
    """A data folder with five pictures of CelebA's shape, red above and below, and one file that is none."""
    folder = tmp_path / "celeba" / "img_align_celeba"
    folder.mkdir(parents=True)
    for number in range(1, 6):
        pixels = np.full((218, 178, 3), (200, 0, 0), np.uint8)
        pixels[20:198] = (0, 40 * number, 100)
        Image.fromarray(pixels).save(folder / f"{number:06}.jpg", quality=95)
    (folder / "000006.jpg").write_bytes(b"no picture")
    return tmp_path


@pytest.mark.parametrize("inner", ["", "celeba", "celeba/img_align_celeba"])
def test_celeba_is_read_as_torchvision_lays_it_out_cut_to_the_middle(celeba_root, inner, monkeypatch):
    monkeypatch.setenv("DUELO_HOME", str(celeba_root / "home"))
    config = recipe("faces").config(dataset="celeba", data_root=str(celeba_root / inner))
    assert catalog.is_at_hand(config)
    data = catalog.load(config)
    assert data.images.shape == (5, 3, 64, 64) and data.class_names == () and set(data.labels) == {-1}
    assert data.images[:, 0].max() < 60, "what is above and below the middle is cut off"
    assert np.abs(data.images[:, 1].mean((1, 2)) - 40 * np.arange(1, 6)).max() < 4
    few, count = catalog.first(config, 3)
    assert np.array_equal(few.images, data.images[:3]) and count == 6, "counted, not opened"


def test_celeba_that_is_absent_says_what_to_bring_and_where_to(tmp_path):
    config = recipe("faces").config(dataset="celeba", data_root=str(tmp_path))
    assert not catalog.is_at_hand(config)
    with pytest.raises(UserError, match=r"CelebA is not in .*img_align_celeba\.zip.*celeba”"):
        catalog.load(config)


def test_own_pictures_in_color_are_64_pixels_wide_with_the_recipe(celeba_root, monkeypatch):
    monkeypatch.setenv("DUELO_HOME", str(celeba_root / "home"))
    config = recipe("faces").config(dataset="pictures", data_root=str(celeba_root / "celeba" / "img_align_celeba"))
    assert catalog.load(config).images.shape == (5, 3, 64, 64)


# --- the judge


def test_the_shipped_judge_reads_every_color_of_hair_and_tells_faces_apart(unpacked):
    images, labels = unpacked
    few = np.arange(0, 4000, 16)
    judge = judges.shipped(judges.SHIPPED["faces"])
    read, features = judge.predict(as_pictures(images[few]))
    assert np.mean(read == labels[few]) > 0.99
    assert judges.SHIPPED["faces"].path.stat().st_size < 1_000_000
    real = frechet_distance(moments(features), judge.reference)
    noses_gone = images[few].copy()
    noses_gone[:, :, 30:52, 24:52] = noses_gone[:, :, 28:29, 24:52]  # skin where eyes, nose and mouth are
    assert frechet_distance(moments(judge.predict(as_pictures(noses_gone))[1]), judge.reference) > 4 * real


def test_a_generator_of_faces_is_judged_from_the_first_look_on(unpacked_once):
    config = recipe("faces").config(**TINY)
    data = catalog.load(config)
    meter = Evaluator(config, data)
    assert not meter.must_learn
    look = meter.measure(build_generator(config, data.facts).eval(), torch.device("cpu"), epoch=1, images_seen=0)
    assert look.frechet > 5 * look.frechet_real and len(look.confusion_matrix) == 8
