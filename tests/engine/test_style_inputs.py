"""What a style transfer is given: options, weights, pictures; what is refused, and with which words."""

from __future__ import annotations

from io import FileIO

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file

from engine.errors import UserError
from engine.style import gallery, memory, networks, pictures, weights
from engine.style.canvas import as_tensor
from engine.style.events import StyleBegun
from engine.style.features import Features
from engine.style.networks import SHIPPED, VGG19
from engine.style.options import STYLE_OPTIONS, StyleOptions, value_of
from engine.style.transfer import StyleTransfer
from tests.engine.style_pictures import CONTENT, CPU, PLAIN, STYLE, layered, near, picture, transfer

# --- what cannot be


def test_all_weights_0_is_refused_and_so_is_what_no_option_can_be():
    zero = dict.fromkeys(("content_weight", "style_weight", "variation_weight"), 0)
    with pytest.raises(UserError, match="All weights are 0"):
        transfer(**zero)
    for values in ({"size": 1}, {"style_weight": float("nan")}, {"start": "sky"}, {"colour": 1}):
        with pytest.raises(UserError):
            StyleOptions.parse(values)
    assert value_of("style_weight", "1,5") == 1.5 and value_of("start", "noise") == "noise"
    with pytest.raises(UserError, match="Give a whole number"):
        value_of("steps", "many")
    assert all(option.help and option.label for option in STYLE_OPTIONS.values())


def test_a_picture_too_large_for_the_memory_is_refused_with_a_size_that_is_not(monkeypatch):
    monkeypatch.setattr(memory, "free", lambda device: memory.needed(100, 100, torch.float32))
    big = np.zeros((160, 256, 3), np.uint8)
    with pytest.raises(UserError, match=r"256×160 .* are free.*Choose the size 96 or less"):
        list(StyleTransfer(big, [STYLE], PLAIN).run())
    assert memory.largest_size(torch.float32, CPU) == 96


@pytest.fixture
def narrow(monkeypatch):
    """Let VGG-19 be so narrow that its file is written in no time."""
    monkeypatch.setattr(networks, "_CHANNELS", {1: 4, 2: 5, 3: 6, 4: 7, 5: 8})


def vgg19():
    random = torch.Generator().manual_seed(0)
    state = {}
    for name in VGG19.convolutions:
        taken, given = VGG19.shape(name)
        state[f"{VGG19.torchvision_name(name)}.weight"] = torch.randn(given, taken, 3, 3, generator=random) / 4
        state[f"{VGG19.torchvision_name(name)}.bias"] = torch.randn(given, generator=random) / 4
    return state | {"classifier.0.weight": torch.zeros(2, 2)}


@pytest.mark.parametrize("kind", ["pth", "old.pth", "safetensors"])
def test_torchvisions_vgg19_is_read_and_sees_as_torchvision_does(narrow, tmp_path, kind):
    state, path = vgg19(), tmp_path / f"vgg19.{kind}"
    if kind == "safetensors":
        save_file(state, path)
    else:
        torch.save(state, path, _use_new_zipfile_serialization=kind == "pth")
    read = weights.load(path)
    features = Features(VGG19, read, torch.float32, CPU)
    image = as_tensor(CONTENT, CPU)
    mean, deviation = (torch.tensor(each).view(1, 3, 1, 1) for each in ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)))
    vgg, places = layered(VGG19, {name: torch.from_numpy(array) for name, array in read.items()})
    found = features(image, ("conv4_2", "conv5_1"))
    for name, layer in found.items():
        assert near(layer.numpy(), vgg[: places[name]]((image - mean) / deviation)[0].flatten(1).detach().numpy())
    job = StyleTransfer(CONTENT, [STYLE], PLAIN.changed(steps=1), weights_file=path)
    begun = next(each for each in job.run() if isinstance(each, StyleBegun))
    assert (begun.network, begun.content_layer, len(begun.style_layers)) == ("VGG-19", "conv4_2", 5)


@pytest.mark.parametrize("kind", ["pth", "old.pth"])
def test_the_classifier_which_is_most_of_the_file_takes_no_memory(narrow, tmp_path, monkeypatch, kind):
    sizes = []

    class Counted(FileIO):
        def readinto(self, buffer):
            sizes.append(super().readinto(buffer))
            return sizes[-1]

        def read(self, size=-1):
            data = super().read(size)
            sizes.append(len(data))
            return data

    monkeypatch.setattr(weights, "_LARGEST_BYTES", 100_000)
    monkeypatch.setattr(weights, "FileIO", Counted)
    state, path = vgg19(), tmp_path / f"vgg19.{kind}"
    torch.save(
        state | {"classifier.0.weight": torch.ones(1000, 1000)}, path, _use_new_zipfile_serialization=kind == "pth"
    )
    read = weights.load(path)
    assert 0 < sum(sizes) < 1_000_000 < path.stat().st_size
    assert np.array_equal(read["conv3_4.weight"], state[f"{VGG19.torchvision_name('conv3_4')}.weight"].numpy())


def test_the_places_of_torchvisions_convolutions_are_known():
    assert [VGG19.torchvision_name(name) for name in ("conv1_1", "conv2_1", "conv3_4", "conv4_2", "conv5_1")] == [
        *("features.0", "features.5", "features.16", "features.21", "features.28")
    ]


class Harmful:
    def __reduce__(self):
        return (exec, ("raise SystemExit('a file was obeyed')",))


def test_a_file_of_another_network_is_refused_and_none_is_obeyed(narrow, tmp_path):
    files = {
        name: tmp_path / name for name in ("text.pth", "obeyed.pth", "list.pth", "short.pth", "nan.pth", "none.pth")
    }
    files["text.pth"].write_text("weights")
    torch.save({"features.0.weight": Harmful()}, files["obeyed.pth"])
    torch.save([1, 2], files["list.pth"])
    torch.save({key: it for key, it in vgg19().items() if "28" not in key}, files["short.pth"])
    torch.save({key: it * float("nan") for key, it in vgg19().items()}, files["nan.pth"])
    for path in (*files.values(), SHIPPED.path, tmp_path):
        with pytest.raises(UserError, match=r"vgg19-dcbb9e9d\.pth"):
            weights.load(path)


def test_weights_that_lie_on_the_machine_are_found(tmp_path, monkeypatch):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    assert weights.vgg19_here() is None
    path = tmp_path / "hub" / "checkpoints" / weights.VGG19_FILE
    path.parent.mkdir(parents=True)
    path.write_bytes(b"")
    assert weights.vgg19_here() == path


# --- pictures


def saved(tmp_path, image, name="x.png", **how):
    image.save(tmp_path / name, **how)
    return tmp_path / name


def test_pictures_of_every_kind_are_read_upright_and_in_color(tmp_path):
    plain = Image.fromarray(picture(3, 60, 120))
    assert pictures.read(saved(tmp_path, plain), 64).shape == (32, 64, 3)
    turned = Image.Exif()
    turned[0x0112] = 6
    assert pictures.read(saved(tmp_path, plain, "x.jpg", exif=turned), 64).shape == (64, 32, 3)
    assert pictures.read(saved(tmp_path, plain.convert("CMYK"), "c.jpg"), 64).shape == (32, 64, 3)
    clear = Image.new("RGBA", (40, 40), (255, 0, 0, 0))
    assert pictures.read(saved(tmp_path, clear), 32).min() == 255
    deep = Image.fromarray(np.full((40, 40), 40_000, np.uint16))
    assert 100 < pictures.read(saved(tmp_path, deep), 32).mean() < 200
    assert pictures.read(saved(tmp_path, Image.new("L", (16, 600), 9)), 96).shape == (96, 32, 3)
    assert pictures.read(saved(tmp_path, Image.new("1", (3000, 3000), 1)), 64).shape == (64, 64, 3)
    for name in ("tiny.png", "text.png"):
        path = saved(tmp_path, Image.new("L", (8, 8)), "tiny.png") if name == "tiny.png" else tmp_path / name
        path.write_text("text") if name == "text.png" else None
        with pytest.raises(UserError, match="is no picture that can be used"):
            pictures.read(path, 64)


def test_what_comes_along_is_there_readable_small_and_its_origin_told():
    origin = (gallery.FOLDER.parent / "ORIGIN.md").read_text("utf-8")
    assert {path.stem for path in gallery.FOLDER.iterdir()} == set(gallery.GALLERY)
    assert [sum(it.kind == kind for it in gallery.GALLERY.values()) for kind in ("content", "style")] == [6, 8]
    for each in gallery.GALLERY.values():
        assert max(pictures.read(each.path, 64).shape) == 64 and f"`{each.name}`" in origin
    assert sum(path.stat().st_size for path in gallery.FOLDER.iterdir()) < 1.5e6
    assert SHIPPED.path.stat().st_size < 6e6 and "CC BY 4.0" in origin
    assert gallery.find(gallery.GALLERY["cat"].path) == gallery.find("cat") == gallery.GALLERY["cat"].path
    with pytest.raises(UserError, match="Did you mean swirls"):
        gallery.find("swirl")
