"""A folder of own pictures becomes images: classes, shapes, colors, odd files, the report and the cache."""

import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from engine.config import Config
from engine.datasets import catalog, image_folder, picture_cache, picture_files
from engine.datasets.image_folder import PrepareOptions, Reason, Skipped
from engine.datasets.picture_preview import of_prepared, preview
from engine.datasets.prepare import UnusableImage, prepare
from engine.errors import UserError
from tests import films

RANDOM = np.random.default_rng(0)


def save(path, pixels=None, **options):
    """Save ``pixels``, or a noise of its own, as the format that the name says."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = RANDOM.integers(0, 256, (40, 40), np.uint8) if pixels is None else pixels
    picture = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
    picture.save(path, **options)
    return path


def drain(work):
    """Return the value of a generator and what it yielded."""
    said = []
    while True:
        try:
            said.append(next(work))
        except StopIteration as done:
            return done.value, said


def read(folder, look=None, classes=()):
    return drain(image_folder.read(folder, look or PrepareOptions(), classes))[0]


@pytest.fixture
def folder(tmp_path):
    """Two classes with three and two pictures."""
    for name in ("digit 10/a.png", "digit 10/b.png", "digit 10/deeper/c.PNG", "digit 2/a.png", "digit 2/b.bmp"):
        save(tmp_path / "pictures" / name)
    return tmp_path / "pictures"


# --- the folder


def test_sub_folders_are_classes_in_natural_order(folder):
    data, report = read(folder)
    assert data.class_names == report.class_names == ("digit 2", "digit 10")
    assert data.labels.tolist() == [0, 0, 1, 1, 1] and data.labels.dtype == np.int64
    assert data.images.shape == (5, 1, 28, 28) and data.images.dtype == np.uint8
    assert (report.found, report.taken, report.counts, report.skipped) == (5, 5, (2, 3), ())


def test_without_sub_folders_there_are_no_labels(tmp_path):
    for index in (10, 9):
        save(tmp_path / f"{index}.png", np.full((20, 20), index, np.uint8))
    data, report = read(tmp_path)
    assert data.class_names == () and data.labels.tolist() == [-1, -1]
    assert report.counts == (2,)
    assert data.images[:, 0, 0, 0].tolist() == [9, 10]


def test_what_is_left_out_is_reported(folder):
    save(folder / "loose.png")
    save(folder / "digit 2" / "tiny.png", np.zeros((15, 400), np.uint8))
    (folder / "digit 2" / "copy.png").write_bytes((folder / "digit 2" / "a.png").read_bytes())
    (folder / "digit 10" / "broken.jpg").write_bytes(b"\xff\xd8\xff rubbish")
    (folder / "digit 10" / "empty.png").touch()
    (folder / "notes").mkdir()
    for ignored in ("notes/list.txt", ".hidden.png", "digit 2/._a.png"):
        (folder / ignored).write_bytes(b"no picture")
    _, report = read(folder)
    assert set(report.skipped) == {
        Skipped("loose.png", Reason.OUTSIDE),
        Skipped("digit 2/tiny.png", Reason.TOO_SMALL),
        Skipped("digit 2/copy.png", Reason.DUPLICATE),
        Skipped("digit 10/broken.jpg", Reason.UNREADABLE),
        Skipped("digit 10/empty.png", Reason.UNREADABLE),
        Skipped("notes", Reason.EMPTY),
    }
    assert (report.found, report.taken, report.counts) == (10, 5, (2, 3))


def test_every_reason_has_a_title():
    assert set(image_folder.REASON_TITLES) == set(Reason)


def test_chosen_classes_are_numbered_anew(folder):
    save(folder / "digit 3" / "x.png", np.zeros((30, 30), np.uint8))
    save(folder / "digit 3" / "y.png", np.full((30, 30), 9, np.uint8))
    config = Config(dataset="pictures", data_root=str(folder), classes=(1, 2))
    data = catalog.load(config)
    assert data.class_names == ("digit 3", "digit 10") and data.labels.tolist() == [0, 0, 1, 1, 1]
    with pytest.raises(UserError, match="from 0 to 2"):
        catalog.load(config.changed(classes=(3,)))


def test_classes_of_pictures_without_classes_are_refused(tmp_path):
    save(tmp_path / "a.png")
    with pytest.raises(UserError, match="sub-folder"):
        read(tmp_path, classes=(0,))


def test_folders_that_cannot_serve_are_refused(tmp_path, folder):
    with pytest.raises(UserError, match="cannot be read"):
        read(tmp_path / "none")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match="no pictures"):
        read(tmp_path / "empty")
    save(tmp_path / "tiny" / "a.png", np.zeros((4, 4), np.uint8))
    with pytest.raises(UserError, match="None of the pictures in"):
        read(tmp_path / "tiny")
    save(folder / "small" / "a.png", np.zeros((4, 4), np.uint8))
    with pytest.raises(UserError, match="“small”"):
        read(folder)
    with pytest.raises(UserError, match="--data-root"):
        catalog.load(Config(dataset="pictures"))


def test_what_the_system_made_is_left_out_and_told(folder):
    for made in ("@eaDir/a.png", "__MACOSX/._a.png", ".thumbnails/a.png", "digit 2/@eaDir/a.png", "digit 2/Thumbs.db"):
        save(folder / made) if made.endswith("png") else (folder / made).write_bytes(b"x")
    data, report = read(folder)
    assert data.class_names == ("digit 2", "digit 10") and report.taken == report.found == 5
    told = {"@eaDir", "__MACOSX", ".thumbnails", "digit 2/@eaDir", "digit 2/Thumbs.db"}
    assert set(report.skipped) == {Skipped(path, Reason.SYSTEM) for path in told}


def test_a_run_among_the_pictures_is_left_out_and_told(folder):
    for place in ("my run", "digit 2/my run"):
        films.make(folder / place, epochs=2)
    data, report = read(folder)
    assert data.class_names == ("digit 2", "digit 10") and report.taken == 5
    assert set(report.skipped) == {Skipped("my run", Reason.RUN), Skipped("digit 2/my run", Reason.RUN)}
    with pytest.raises(UserError, match="a training that Duelo wrote"):
        read(folder / "my run")


def test_links_back_are_left_out_and_told(folder, tmp_path):
    save(tmp_path / "elsewhere" / "a.png")
    for link, target in (("self", folder), ("up", tmp_path), ("other", tmp_path / "elsewhere")):
        (folder / link).symlink_to(target)
    (folder / "digit 2" / "back").symlink_to(folder)
    (folder / "digit 2" / "away").symlink_to(tmp_path / "elsewhere")
    data, report = read(folder)
    assert data.class_names == ("digit 2", "digit 10", "other") and report.taken == 6
    assert set(report.skipped) == {
        *(Skipped(path, Reason.LOOP) for path in ("self", "up", "digit 2/back")),
        Skipped("digit 2/away", Reason.LINK),
    }


def test_train_and_test_are_no_classes_unless_they_are_said_to_be(tmp_path):
    for number, name in enumerate(("train/cat/a", "train/cat/b", "Test/cat/c", "train/dog/a", "Test/dog/b", "train/x")):
        save(tmp_path / f"{name}.png", np.full((20, 20), 9 * number, np.uint8))
    data, report = read(tmp_path)
    assert data.class_names == ("cat", "dog") and report.counts == (3, 2) and report.parts == ("Test", "train")
    assert report.skipped == (Skipped("train/x.png", Reason.OUTSIDE),)
    assert "“Test”, “train”: parts of one collection" in " ".join(image_folder.summary(report))
    assert "image_classes" in " ".join(image_folder.remarks(report))
    data, report = read(tmp_path, PrepareOptions(image_classes="folders"))
    assert data.class_names == ("Test", "train") and not report.parts and not image_folder.remarks(report)
    (tmp_path / "train").rename(tmp_path / "animals")
    assert read(tmp_path).data.class_names == ("animals", "Test")
    assert read(tmp_path, PrepareOptions(image_classes="inner")).data.class_names == ("cat", "dog")


def test_train_and_test_without_folders_inside_are_one_collection_without_classes(tmp_path):
    for number, name in enumerate(("train/a", "train/b", "test/c")):
        save(tmp_path / f"{name}.png", np.full((20, 20), 9 * number, np.uint8))
    data, report = read(tmp_path)
    assert data.class_names == () and data.labels.tolist() == [-1] * 3
    assert "no classes" in image_folder.remarks(report)[0]


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
    monkeypatch.setattr("engine.datasets.prepare._MOST_PIXELS", 900 * 1200 - 1)
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


# --- progress and cache


def test_reading_reports_and_the_second_time_is_immediate(folder, monkeypatch):
    first, said = drain(image_folder.read(folder, PrepareOptions()))
    assert (said[-1].done, said[-1].total, said[-1].unit) == (5, 5, "pictures")
    monkeypatch.setattr(image_folder, "prepare", None)  # would fail if it were called
    second = read(folder)
    assert np.array_equal(first.data.images, second.data.images)
    assert np.array_equal(first.data.labels, second.data.labels)
    assert first.report == second.report


def cache_folder(tmp_path):
    return tmp_path / "home" / "cache"


def test_canceling_leaves_nothing(folder, tmp_path):
    reading = image_folder.read(folder, PrepareOptions())
    while next(reading).what != "Preparing pictures":
        pass
    assert any(cache_folder(tmp_path).iterdir())
    reading.close()
    assert not any(cache_folder(tmp_path).iterdir())


def test_a_changed_file_or_option_prepares_anew(folder, tmp_path):
    read(folder)
    save(folder / "digit 2" / "a.png", np.full((40, 40), 33, np.uint8))
    assert (read(folder).data.images[0] == 33).all()
    read(folder, PrepareOptions(image_fit="pad"))
    assert len(list(cache_folder(tmp_path).iterdir())) == 3


@pytest.mark.parametrize("name", ["images.npy", "labels.npy", "report.json"])
@pytest.mark.parametrize("damage", [b"", b"{}", None])
def test_a_damaged_cache_is_rebuilt(folder, tmp_path, name, damage):
    before = read(folder)
    [entry] = cache_folder(tmp_path).iterdir()
    content = (entry / name).read_bytes()
    (entry / name).write_bytes(content[:-1] if damage is None else damage)
    after = read(folder)
    assert np.array_equal(before.data.images, after.data.images) and before.report == after.report
    assert (entry / name).read_bytes() == content


def test_too_much_for_the_memory_stays_on_the_disk(folder, monkeypatch):
    in_memory = read(folder).data.images
    monkeypatch.setattr(picture_cache, "_LARGEST_SHARE", 0)
    mapped = read(folder).data.images
    assert isinstance(mapped, np.memmap) and not isinstance(in_memory, np.memmap)
    assert np.array_equal(in_memory, mapped)


def test_only_the_newest_entries_are_kept(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(picture_cache, "_KEPT", 2)
    for size in (28, 29, 30):
        read(folder, PrepareOptions(image_size=size))
    assert len(list(cache_folder(tmp_path).iterdir())) == 2


def test_a_home_that_cannot_be_written_is_told(folder, tmp_path):
    (tmp_path / "home").write_text("not a folder")
    with pytest.raises(UserError, match="could not be written"):
        read(folder)


# --- the preview


def test_the_preview_takes_one_of_each_class_in_turn(folder):
    (folder / "digit 2" / "a.png").write_bytes(b"rubbish")
    shown, _ = drain(preview(folder, PrepareOptions(), 3))
    images = read(folder).data.images[:, 0]
    assert np.array_equal(shown, images[[1, 0, 2]])
    assert drain(preview(folder, PrepareOptions(), 40))[0].shape == (4, 28, 28)
    assert drain(preview(folder, PrepareOptions(image_color="color"), 40))[0].shape == (4, 28, 28, 3)


def test_the_preview_of_nothing_is_empty(tmp_path):
    assert drain(preview(tmp_path, PrepareOptions(), 4))[0].shape == (0, 28, 28)
