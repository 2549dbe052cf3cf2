"""Pictures of every kind in a folder of own pictures: sizes, colors, depth, transparency, animations, damaged files."""

import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from engine.datasets import image_folder, picture_files
from engine.datasets.image_folder import PrepareOptions, Reason, Skipped
from engine.datasets.picture_preview import of_prepared, preview
from engine.datasets.prepare import UnusableImage, prepare
from tests.engine.own_pictures import drain, read, save


@pytest.fixture
def folder(tmp_path):
    """Two classes with three and two pictures."""
    for name in ("digit 10/a.png", "digit 10/b.png", "digit 10/deeper/c.PNG", "digit 2/a.png", "digit 2/b.bmp"):
        save(tmp_path / "pictures" / name)
    return tmp_path / "pictures"


# --- one picture


def test_color_is_taken_if_any_picture_has_it(folder):
    assert read(folder).data.images.shape[1] == 1
    red = np.zeros((40, 40, 3), np.uint8)
    red[..., 0] = 200
    save(folder / "digit 2" / "red.png", red)
    colored = read(folder).data.images
    assert colored.shape == (6, 3, 28, 28)
    assert colored[2, :, 5, 5].tolist() == [200, 0, 0]
    assert read(folder, PrepareOptions(image_color="gray")).data.images[2, :, 5, 5].tolist() == [60]


def test_gray_pictures_can_be_forced_into_three_channels(folder):
    images = read(folder, PrepareOptions(image_color="color")).data.images
    assert images.shape == (5, 3, 28, 28) and np.array_equal(images[:, 0], images[:, 2])


def test_size_and_inversion_are_obeyed(folder):
    plain = read(folder, PrepareOptions(image_size=40)).data.images
    assert plain.shape == (5, 1, 40, 40)
    assert np.array_equal(255 - plain, read(folder, PrepareOptions(image_size=40, image_invert=True)).data.images)


def test_the_three_shapes(tmp_path):
    pixels = np.full((32, 64), 100, np.uint8)
    pixels[:, 16:48] = 200  # the square in the middle
    path = save(tmp_path / "a.png", pixels)
    look = {fit: prepare(path, PrepareOptions(32, fit, "gray"))[0] for fit in ("crop", "pad", "stretch")}
    assert (look["crop"][:, 4:-4] == 200).all()
    assert (look["pad"][:8] == 100).all() and (look["pad"][-8:] == 100).all() and look["pad"][16, 16] == 200
    assert look["stretch"][:, 2].max() == 100 and (look["stretch"][:, 12:20] == 200).all()


def test_exif_orientation_is_respected(tmp_path):
    pixels = np.zeros((32, 32), np.uint8)
    pixels[:16] = 255  # bright above; the camera was turned
    exif = Image.Exif()
    exif[0x0112] = 3
    image = prepare(save(tmp_path / "a.png", pixels, exif=exif), PrepareOptions(32, image_color="gray"))[0]
    assert image[4, 4] == 0 and image[-4, 4] == 255


def test_transparency_lies_on_white(tmp_path):
    rgba = np.zeros((20, 20, 4), np.uint8)
    rgba[:10, :, 3] = 255
    palette = Image.new("P", (20, 20), 0)
    palette.info["transparency"] = 0
    image = prepare(save(tmp_path / "a.png", rgba), PrepareOptions())
    assert (image[:, 3, 3] == 0).all() and (image[:, -3, 3] == 255).all()
    assert (prepare(save(tmp_path / "b.png", palette, transparency=0), PrepareOptions()) == 255).all()


@pytest.mark.parametrize(
    ("pixels", "expected"),
    [
        (np.full((20, 20), 65535, np.uint16), 255),
        (np.full((20, 20), 0x8000, np.uint16), 128),
        (np.full((20, 20), 0.5, np.float32), 128),
        (np.full((20, 20), np.nan, np.float32), 0),
        (np.full((20, 20), 1000, np.int32), 249),
        (np.full((20, 20), -5, np.int32), 0),
    ],
)
def test_more_than_8_bits_become_8(tmp_path, pixels, expected):
    assert (prepare(save(tmp_path / "a.tif", pixels), PrepareOptions(image_color="gray")) == expected).all()


@pytest.mark.parametrize("mode", ["1", "P", "LA", "CMYK", "RGBA"])
def test_any_mode_of_pillow_becomes_gray_or_color(tmp_path, mode):
    path = save(tmp_path / "a.tif", Image.new("RGB", (30, 20), (255, 255, 255)).convert(mode))
    for color, channels in (("gray", 1), ("color", 3)):
        image = prepare(path, PrepareOptions(image_color=color))
        assert image.shape == (channels, 28, 28) and (image > 250).all()


def test_of_an_animation_the_first_frame_is_taken(tmp_path):
    frames = [Image.new("L", (20, 20), gray) for gray in (10, 200)]
    path = tmp_path / "a.gif"
    frames[0].save(path, save_all=True, append_images=frames[1:])
    assert (prepare(path, PrepareOptions(image_color="gray")) == 10).all()


def test_a_large_photograph_is_read_and_a_bomb_is_not(tmp_path, monkeypatch):
    photo = save(tmp_path / "a.jpg", np.full((900, 1200, 3), 77, np.uint8))
    assert abs(int(prepare(photo, PrepareOptions())[0, 14, 14]) - 77) < 3
    bomb = save(tmp_path / "a.png", Image.new("1", (20_000, 20_000)))
    with pytest.raises(UnusableImage, match="too_large"):
        prepare(bomb, PrepareOptions())
    monkeypatch.setattr("engine.datasets.prepare.MOST_PIXELS", 900 * 1200 - 1)
    prepare(photo, PrepareOptions())  # JPEG is made smaller while it is unpacked
    with pytest.raises(UnusableImage, match="too_large"):
        prepare(save(tmp_path / "b.bmp", np.zeros((900, 1200), np.uint8)), PrepareOptions())


def test_postscript_is_never_run(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 40 40\n%%EndComments\nshowpage\n")
    assert "EPS" not in picture_files.readable_formats()
    with pytest.raises(UnusableImage, match="unreadable"):
        prepare(path, PrepareOptions())


def test_truncated_files_are_unreadable(tmp_path):
    for name in ("a.png", "a.jpg", "a.tif", "a.gif", "a.webp", "a.bmp"):
        path = save(tmp_path / name)
        path.write_bytes(path.read_bytes()[:-600])
        with pytest.raises(UnusableImage, match="unreadable"):
            prepare(path, PrepareOptions())


# --- what all pictures share


def test_12_bits_in_16_fill_the_range_and_keep_their_brightness_among_each_other(tmp_path):
    for name, value in (("dark", 1000), ("bright", 4000)):
        save(tmp_path / f"{name}.png", np.full((20, 20), value, np.uint16))
    data, report = read(tmp_path)
    assert data.images[:, 0, 5, 5].tolist() == [249, 62] and report.values == (0, 4095)
    assert any("4,095" in remark for remark in image_folder.remarks(report))
    save(tmp_path / "full.png", np.full((20, 20), 60_000, np.uint16))
    assert read(tmp_path).data.images[:, 0, 5, 5].tolist() == [16, 4, 233]


def test_values_below_zero_are_not_lost(tmp_path):
    for name, value in (("a", -1000.0), ("b", 1000.0), ("c", 3000.0)):
        save(tmp_path / f"{name}.tif", np.full((20, 20), value, np.float32))
    data, report = read(tmp_path)
    assert data.images[:, 0, 5, 5].tolist() == [0, 128, 255] and report.values == (-1000, 3000)


def save_deep(path, pixels):
    """Write uint16 ``[H, W, 3]`` or with transparency ``[H, W, 4]`` as PNG, which Pillow cannot."""
    height, width, channels = pixels.shape
    about = struct.pack(">IIBBBBB", width, height, 16, {3: 2, 4: 6}[channels], 0, 0, 0)
    lines = b"".join(b"\0" + line.astype(">u2").tobytes() for line in pixels)
    parts = {b"IHDR": about, b"IDAT": zlib.compress(lines), b"IEND": b""}
    chunks = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts.items()
    )
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(chunks))
    return path


def test_12_bits_of_each_color_in_16_keep_their_lower_byte(tmp_path, capfd):
    for name, color in (("dark", (1000, 10, 0)), ("bright", (4000, 2000, 200))):
        save_deep(tmp_path / f"{name}.png", np.full((20, 20, 3), color, np.uint16))
    data, report = read(tmp_path)
    assert data.images[:, :, 5, 5].tolist() == [[249, 125, 12], [62, 1, 0]] and report.values == (0, 4095)
    clear = np.full((20, 20, 4), 3000, np.uint16)
    clear[..., 3] = 0
    clear[4:9, :, 3] = 65535
    save_deep(tmp_path / "ink.png", clear)
    data, report = read(tmp_path, PrepareOptions(image_size=20))
    assert report.ground == "black" and data.images[2, :, (0, 6), 5].tolist() == [[0, 0, 0], [187, 187, 187]]
    whole = (tmp_path / "dark.png").read_bytes()
    (tmp_path / "torn.png").write_bytes(whole[:50] + b"torn" + whole[54:])
    assert read(tmp_path).report.skipped == (Skipped("torn.png", Reason.UNREADABLE),)
    assert capfd.readouterr() == ("", "")


def ink(path, value, place):
    pixels = np.full((20, 20, 4), value, np.uint8)
    pixels[..., 3] = 0
    pixels[place : place + 4, :, 3] = 255
    save(path, pixels)


@pytest.mark.parametrize(("value", "ground"), [(255, "black"), (0, "white")])
def test_ink_on_transparent_ground_is_seen(tmp_path, value, ground):
    for place in (2, 10):
        ink(tmp_path / f"{place}.png", value, place)
    save(tmp_path / "opaque.png")
    data, report = read(tmp_path)
    assert report.taken == 3 and report.ground == ground
    assert (data.images[:2, 0].min(), data.images[:2, 0].max()) == (0, 255)
    assert any(ground in remark for remark in image_folder.remarks(report))
    other = {"black": "white", "white": "black"}[ground]
    assert (
        read(tmp_path, PrepareOptions(image_ground=other)).report.taken == 2
    )  # ink and ground are one: both look the same


def test_the_preview_shows_range_and_ground_of_the_whole_folder(tmp_path):
    for number in range(4):
        save(tmp_path / f"{number}.png", np.full((20, 20), 1000 + number * 300, np.uint16))
    save(tmp_path / "z.png", np.full((20, 20), 60_000, np.uint16))
    data = read(tmp_path).data
    assert drain(preview(tmp_path, PrepareOptions(), 2))[0][0, 5, 5] == 134  # at once, of what it has seen
    assert of_prepared(data, 2)[0, 5, 5] == 4
    assert np.array_equal(of_prepared(data, 9), data.images[:, 0])
