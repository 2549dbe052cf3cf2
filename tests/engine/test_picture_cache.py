"""Reading a folder of own pictures tells how far it is, and the second time is immediate."""

import numpy as np
import pytest

from engine.datasets import image_folder, picture_cache
from engine.datasets.image_folder import PrepareOptions
from engine.datasets.picture_preview import preview
from engine.errors import UserError
from tests.engine.own_pictures import drain, read, save


@pytest.fixture
def folder(tmp_path):
    """Two classes with three and two pictures."""
    for name in ("digit 10/a.png", "digit 10/b.png", "digit 10/deeper/c.PNG", "digit 2/a.png", "digit 2/b.bmp"):
        save(tmp_path / "pictures" / name)
    return tmp_path / "pictures"


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
