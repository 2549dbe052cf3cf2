"""A folder of own pictures becomes images: classes, shapes, colors, odd files, the report and the cache."""

import numpy as np
import pytest

from engine.config import Config
from engine.datasets import catalog, image_folder
from engine.datasets.image_folder import PrepareOptions, Reason, Skipped
from engine.errors import UserError
from tests import films
from tests.engine.own_pictures import read, save


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
    with pytest.raises(UserError, match="Choose their folder"):
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
