"""The sheet for own handwriting: real digits are written on it, photographed badly, and come out as they were."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageFont

from engine import i18n
from engine.cli import main
from engine.config import Config
from engine.datasets import catalog, digits
from engine.errors import UserError
from engine.job import result_of
from engine.sheets import layout
from engine.sheets.drawing import DOTS, draw_sheet, save_sheet
from engine.sheets.keeping import keep, read_by_judge
from engine.sheets.reading import Digits, cut, read_sheet

SKIPPED = 7  # every seventh box stays empty


@pytest.fixture(scope="module")
def written():
    """A sheet on which digits of MNIST are written, and the images and labels of those that are."""
    images, labels = digits.load()
    sheet, used, each = draw_sheet(), [], dict.fromkeys(range(10), 0)
    for number, (label, left, top) in enumerate(layout.boxes()):
        if number % SKIPPED == 0:
            continue
        index = np.flatnonzero(labels == label)[each[label]]
        each[label] += 1
        used.append(index)
        side = round(0.85 * layout.BOX * DOTS)
        ink = Image.fromarray(images[index]).resize((side, side), Image.Resampling.BICUBIC)
        place = tuple(round((begin + 0.075 * layout.BOX) * DOTS) for begin in (left, top))
        sheet.paste(30, place, ink)
    return sheet, images[used], labels[used]


def photographed(sheet, corners, size=(1500, 1900), turn=0):
    """Return the sheet upon a table as seen from aside, in the light of one lamp, with noise."""
    width, height = sheet.size
    rows, values = [], []
    for (x, y), (u, v) in zip([(0, 0), (width, 0), (width, height), (0, height)], corners, strict=True):
        rows += [[u, v, 1, 0, 0, 0, -x * u, -x * v], [0, 0, 0, u, v, 1, -y * u, -y * v]]
        values += [x, y]
    back = np.linalg.solve(np.array(rows, float), np.array(values, float))
    table = Image.new("L", size, 70)
    seen = sheet.transform(size, Image.Transform.PERSPECTIVE, tuple(back), Image.Resampling.BICUBIC)
    mask = Image.new("L", sheet.size, 255).transform(size, Image.Transform.PERSPECTIVE, tuple(back))
    table.paste(seen, (0, 0), mask)
    light = np.linspace(1.0, 0.55, size[0])[None] * np.linspace(0.8, 1.0, size[1])[:, None]
    noise = np.random.default_rng(0).normal(0, 4, size[::-1])
    gray = np.clip(np.asarray(table) * light + noise, 0, 255).astype(np.uint8)
    return np.rot90(np.stack([gray] * 3, 2), turn)


STRAIGHT = ((60, 60), (1440, 70), (1430, 1840), (70, 1830))
ASLANT = ((180, 90), (1330, 160), (1450, 1820), (60, 1740))


@pytest.fixture(scope="module")
def straight(written):
    """A photograph of it that lies straight; nobody changes it."""
    return photographed(written[0], STRAIGHT)


@pytest.mark.parametrize(("corners", "turn"), [(ASLANT, 0), (ASLANT, 1), (STRAIGHT, 2)])
def test_what_was_written_comes_out_with_its_label_however_the_sheet_lies(written, corners, turn):
    sheet, images, labels = written
    found = cut(photographed(sheet, corners, turn=turn))
    assert found is not None and found.labels.tolist() == labels.tolist()
    assert found.empty == len(layout.boxes()) - len(labels)
    read = read_by_judge(found)
    assert (read == labels).mean() >= 0.97
    same = [np.corrcoef(a.ravel(), b.ravel())[0, 1] for a, b in zip(found.images, images, strict=True)]
    others = [np.corrcoef(a.ravel(), b.ravel())[0, 1] for a, b in zip(found.images[1:], images, strict=False)]
    assert np.median(same) > 0.85 > np.median(others) + 0.3


def test_digits_are_as_large_and_lie_as_those_of_mnist(straight):
    found = cut(straight)
    assert found.images.dtype == np.uint8 and found.images.max(axis=(1, 2)).min() == 255
    for image in found.images:
        rows, columns = (np.flatnonzero((image > 0).any(axis)) for axis in (1, 0))
        assert max(np.ptp(rows), np.ptp(columns)) + 1 <= 20
        weights = image / image.sum()
        assert abs((weights.sum(1) * np.arange(28)).sum() - 14) <= 0.75
        assert abs((weights.sum(0) * np.arange(28)).sum() - 14) <= 0.75


def test_an_empty_sheet_has_no_digits():
    found = cut(photographed(draw_sheet(), STRAIGHT))
    assert found is not None and len(found.images) == 0 and found.empty == len(layout.boxes())


def test_a_photograph_without_the_sheet_is_refused(tmp_path, straight):
    cat = tmp_path / "cat.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (600, 400, 3), np.uint8)).save(cat)
    with pytest.raises(UserError, match="four black squares"):
        read_sheet(cat)
    torn = tmp_path / "torn.png"
    Image.fromarray(straight[:1700]).save(torn)  # without its lower squares
    with pytest.raises(UserError, match="four black squares"):
        read_sheet(torn)
    text = tmp_path / "sheet.png"
    text.write_text("no picture")
    with pytest.raises(UserError, match="cannot be used"):
        read_sheet(text)


@pytest.mark.parametrize("name", ["sheet.pdf", "sheet.png"])
def test_the_sheet_is_one_page_of_paper(tmp_path, name):
    save_sheet(tmp_path / name)
    data = (tmp_path / name).read_bytes()
    if name.endswith("png"):
        with Image.open(tmp_path / name) as sheet:
            assert sheet.size == (2480, 3508)  # A4 at 300 dots per inch
    else:
        assert data.startswith(b"%PDF") and data.count(b"/MediaBox") == 1


def test_the_sheet_has_the_letters_of_spanish(monkeypatch):
    """Those that Pillow brings along print boxes for í and é."""

    def fail(*_arguments):
        raise AssertionError("the letters of Pillow")

    monkeypatch.setattr(ImageFont, "load_default", fail)
    i18n.set_language("es")
    draw_sheet()


def test_a_sheet_of_another_kind_is_refused(tmp_path):
    with pytest.raises(UserError, match="neither PDF nor PNG"):
        save_sheet(tmp_path / "sheet.docx")


def few(begin=0):
    images, labels = digits.load()
    chosen = np.flatnonzero(labels == 7)[begin : begin + 3]
    return Digits(images[chosen], labels[chosen], 0)


def test_what_is_kept_is_a_folder_of_own_pictures_and_nothing_is_written_over(tmp_path):
    first = keep(few(), tmp_path / "class", "Ana [1]")
    again = keep(few(3), tmp_path / "class", "Ana [1]")
    assert len({*first, *again}) == 6 and all(path.parent.name == "7" for path in first)
    with Image.open(first[0]) as image:
        assert (np.asarray(image) == few().images[0]).all()
    config = Config(dataset="pictures", data_root=str(tmp_path / "class"))
    data = result_of(catalog.read(config))
    assert len(data.images) == 6 and data.facts.size == 28 and data.class_names == ("7",)


def test_the_command_says_what_is_read_otherwise_and_which_photograph_cannot_be_used(
    tmp_path, written, straight, capsys
):
    photograph, cat = tmp_path / "ana.png", tmp_path / "cat.png"
    Image.fromarray(straight).save(photograph, compress_level=1)
    Image.fromarray(np.full((600, 400, 3), 200, np.uint8)).save(cat)
    assert main(["sheet", "read", str(cat), str(photograph), "--out", str(tmp_path / "class")]) == 1
    told = capsys.readouterr().err
    assert f"ana.png: {len(written[2])} digits, 38 boxes empty" in told and "is read as" in told
    assert "cat.png" in told and "four black squares" in told
    assert len(list((tmp_path / "class").rglob("*.png"))) == len(written[2])
