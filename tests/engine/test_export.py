"""Films and contact sheets: what is in the files, what is refused, and that canceling leaves nothing."""

import math

import av
import numpy as np
import pytest
from PIL import Image

from engine import cli, i18n
from engine.errors import DiskError, UserError
from engine.export import ExportOptions, contact_sheet, film, preview, save, seconds_of
from engine.export.frames import Frames
from engine.export.options import evenly
from engine.export.style import enlarged
from engine.job import Progress
from engine.runs import RunFolder
from tests import films
from tests.engine.small_films import QUICK, saved


def decoded_mp4(path):
    with av.open(str(path)) as file:
        return [frame.to_ndarray(format="rgb24") for frame in file.decode(video=0)]


def decoded_gif(path):
    with Image.open(path) as picture:
        frames, milliseconds = [], []
        for index in range(picture.n_frames):
            picture.seek(index)
            milliseconds.append(picture.info["duration"])
            frames.append(np.asarray(picture.convert("RGB")))
        assert picture.info["loop"] == 0
    return frames, milliseconds


def left_behind(folder):
    return sorted(path.name for path in folder.iterdir() if path.is_file())


# --- the files


def test_an_mp4_shows_every_epoch_and_holds_the_last(tmp_path):
    path = tmp_path / "film.mp4"
    told = saved(films.make(tmp_path / "run"), path)
    assert told == [Progress(done, 4) for done in range(5)]
    frames = decoded_mp4(path)
    assert len(frames) == 3 + 5 and frames[0].shape == (720, 1280, 3)
    changed = [np.abs(frame.astype(int) - frames[-1]).mean() for frame in frames]
    assert changed[0] > 5 and max(changed[3:]) < 0.5
    data = path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")  # plays while it is still being loaded
    with av.open(str(path)) as file:
        codec = file.streams.video[0].codec_context
        assert (codec.name, codec.pix_fmt, codec.colorspace, codec.color_range) == ("h264", "yuv420p", 1, 1)
    assert left_behind(tmp_path) == ["film.mp4"]


def test_colors_of_an_mp4_are_those_of_the_duel(tmp_path):
    saved(films.make(tmp_path / "run"), tmp_path / "film.mp4")
    last = decoded_mp4(tmp_path / "film.mp4")[-1].astype(int)
    for ink in ((0xE6, 0x9F, 0x00), (0x00, 0x72, 0xB2)):
        assert (np.abs(last - ink).max(axis=-1) < 24).sum() > 30
    assert (last[:20] > 250).all()


def test_a_slow_film_has_enough_pictures_for_every_player(tmp_path):
    saved(
        films.make(tmp_path / "run", epochs=2),
        tmp_path / "film.mp4",
        ExportOptions(frames_per_second=1, seconds_held=1),
    )
    assert len(decoded_mp4(tmp_path / "film.mp4")) == 20


def test_a_gif_keeps_the_grays_of_the_samples(tmp_path):
    run = films.make(tmp_path / "run")
    assert saved(run, tmp_path / "film.gif")[-1] == Progress(4, 4)
    frames, milliseconds = decoded_gif(tmp_path / "film.gif")
    assert milliseconds == [100, 100, 100, 500] and frames[0].shape == (720, 1280, 3)
    for epoch, frame in enumerate(frames, 1):
        assert contains(frame, films.grid(epoch))


def contains(frame, grid):
    """Whether ``grid`` stands in ``frame``, enlarged a whole number of times, pixel for pixel."""
    for scale in range(1, 40):
        large = np.asarray(Image.fromarray(grid).resize((grid.shape[1] * scale, grid.shape[0] * scale), 0))
        height, width = large.shape[:2]
        for top in range(frame.shape[0] - height):
            part = frame[top : top + height, 32 : 32 + width]
            if part.shape[:2] == (height, width) and (part[0, :, 0] == large[0]).all():
                return (part == large[..., None]).all()
    return False


def test_a_gif_of_color_is_close_and_its_lines_keep_their_colors(tmp_path):
    run = films.make(tmp_path / "run", color=True, size=16)
    saved(run, tmp_path / "film.gif")
    (frames, _), picture = decoded_gif(tmp_path / "film.gif"), np.array(preview(run, ".gif", QUICK, (1280, 720))[0])
    error = np.abs(frames[1].astype(int) - picture)  # of four epochs the preview shows the third
    assert frames[1].shape == picture.shape and np.median(error) == 0
    assert (frames[-1] == (0xE6, 0x9F, 0x00)).all(axis=-1).sum() > 30


def test_a_contact_sheet_has_first_and_last(tmp_path):
    run = films.make(tmp_path / "run", epochs=30, size=28)
    told = list(contact_sheet(run, tmp_path / "sheet.png", most=6))
    assert told[0] == Progress(0, 6) and told[-1] == Progress(6, 6)
    sheet = np.asarray(Image.open(tmp_path / "sheet.png"))
    for epoch, there in ((1, True), (30, True), (2, False)):
        large = np.asarray(enlarged(films.grid(epoch, size=28), 420, 420))
        spots = [
            (top, left)
            for top in range(sheet.shape[0] - large.shape[0])
            for left in (40, sheet.shape[1] - 40 - large.shape[1])
            if (sheet[top, left : left + large.shape[1]] == large[0]).all()
        ]
        assert any((sheet[t : t + large.shape[0], s : s + large.shape[1]] == large).all() for t, s in spots) == there


def test_a_sheet_of_one_small_epoch_is_as_wide_as_its_words(tmp_path):
    run = films.make(tmp_path / "run", epochs=1, size=100)
    list(contact_sheet(run, tmp_path / "sheet.png"))
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert 2 * 40 + films.grid(1, size=100).shape[1] < sheet.width < 1000


@pytest.mark.parametrize("kind", [".mp4", ".gif", ".png"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_one_epoch_without_curves_can_be_saved_in_every_language(tmp_path, kind, language):
    i18n.set_language(language)
    run = films.make(tmp_path / "run", epochs=1, rows=[], judged=False)
    assert saved(run, tmp_path / f"film{kind}", ExportOptions(dark=True))[-1] == Progress(1, 1)
    assert left_behind(tmp_path) == [f"film{kind}"]


def test_a_film_of_many_epochs_is_thinned(tmp_path):
    run = films.make(tmp_path / "run", epochs=300, judged=False)
    told = saved(run, tmp_path / "film.gif", ExportOptions(frames_per_second=10, most_seconds=2, seconds_held=0.5))
    frames, milliseconds = decoded_gif(tmp_path / "film.gif")
    assert told[-1] == Progress(16, 16) and len(frames) == 16 and sum(milliseconds) == 2000
    assert contains(frames[0], films.grid(1)) and contains(frames[-1], films.grid(300))


# --- choices


def test_first_and_last_are_always_chosen():
    assert evenly(range(1, 101), 4) == [1, 34, 67, 100]
    assert evenly([5], 4) == [5] and evenly([], 4) == []
    assert ExportOptions(30, most_seconds=0.1).chosen(range(100)) == [0, 99]


def test_a_short_run_is_not_over_at_once():
    assert seconds_of(10, ExportOptions()) == pytest.approx(9 / 2 + 1.5)
    assert seconds_of(1, ExportOptions()) == 1.5 and seconds_of(0, ExportOptions()) == 0
    assert seconds_of(10_000, ExportOptions()) == pytest.approx(60, abs=0.2)


@pytest.mark.parametrize("name", ["frames_per_second", "most_seconds", "seconds_held"])
@pytest.mark.parametrize("value", [0, -1, 1e9, math.nan])
def test_numbers_out_of_range_are_refused(name, value):
    with pytest.raises(UserError, match="A film cannot"):
        ExportOptions(**{name: value})


# --- what goes wrong


def test_other_endings_are_refused(tmp_path):
    run = films.make(tmp_path / "run", epochs=1)
    for path, make in (("film.avi", save), ("film", save), ("film.png", film), ("film.mp4", contact_sheet)):
        with pytest.raises(UserError, match="Let its name end in"):
            next(make(run, tmp_path / path))
    assert left_behind(tmp_path) == []


def test_a_run_without_samples_is_told(tmp_path):
    with pytest.raises(UserError, match="Train at least one whole epoch"):
        next(save(films.make(tmp_path / "run", epochs=0), tmp_path / "film.gif"))
    with pytest.raises(UserError, match="holds no run"):
        next(save(RunFolder(tmp_path / "none"), tmp_path / "film.gif"))


@pytest.mark.parametrize("kind", [".mp4", ".gif", ".png"])
def test_canceling_leaves_nothing_and_keeps_what_was_there(tmp_path, kind):
    run, path = films.make(tmp_path / "run"), tmp_path / f"film{kind}"
    path.write_bytes(b"before")
    saving = save(run, path, QUICK)
    assert [next(saving).done for _ in range(3)] == [0, 1, 2]
    assert len(left_behind(tmp_path)) == 2
    saving.close()
    assert left_behind(tmp_path) == [f"film{kind}"] and path.read_bytes() == b"before"
    saved(run, path)
    assert path.read_bytes() != b"before"


def test_a_damaged_picture_is_told_and_leaves_nothing(tmp_path):
    run = films.make(tmp_path / "run")
    run.sample_files()[2].write_bytes(b"no picture")
    with pytest.raises(UserError, match="missing or damaged"):
        saved(run, tmp_path / "film.gif")
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize("kind", [".mp4", ".gif", ".png"])
def test_a_folder_that_is_not_there_is_told_before_anything_is_drawn(tmp_path, kind):
    with pytest.raises(DiskError, match="folder is not there"):
        next(save(films.make(tmp_path / "run"), tmp_path / "none" / f"film{kind}", QUICK))


@pytest.mark.parametrize("kind", [".mp4", ".gif", ".png"])
def test_a_full_disk_is_told_and_leaves_nothing(tmp_path, kind):
    resource = pytest.importorskip("resource")
    run = films.make(tmp_path / "run")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, before[1]))
    try:
        with pytest.raises(DiskError, match="could not be written"):
            saved(run, tmp_path / f"film{kind}")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert left_behind(tmp_path) == []


def test_a_run_whose_pictures_change_their_size_is_filmed(tmp_path):
    run = films.make(tmp_path / "run")
    run.save_samples(1, films.grid(1, rows=1, columns=1, size=4))
    run.save_samples(2, films.grid(2, rows=9, columns=9, size=28, color=True))
    assert saved(run, tmp_path / "film.gif")[-1] == Progress(4, 4)
    assert saved(run, tmp_path / "film.png")[-1] == Progress(4, 4)


# --- the command


@pytest.mark.parametrize("kind", [".mp4", ".gif", ".png"])
def test_the_command_saves_and_prints_the_path(tmp_path, capsys, kind):
    run, path = films.make(tmp_path / "run"), tmp_path / f"film{kind}"
    assert cli.main(["film", str(run.path), "--out", str(path), "--fps", "10", "--seconds", "1", "--dark"]) == 0
    assert path.stat().st_size > 1000 and str(path) in capsys.readouterr().out


@pytest.mark.parametrize(
    "options", [["--out", "film.avi"], ["--out", "none/film.gif"], ["--fps", "0"], ["--seconds", "x"]]
)
def test_the_command_says_in_one_sentence_what_is_wrong(tmp_path, capsys, monkeypatch, options):
    monkeypatch.chdir(tmp_path)
    films.make(tmp_path / "run", epochs=1)
    assert cli.main(["film", "run", "--out", "film.gif", *options]) == 1
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.startswith("Error:") and captured.err.strip().count("\n") == 0


def test_ctrl_c_leaves_nothing(tmp_path, monkeypatch):
    run = films.make(tmp_path / "run")
    monkeypatch.setattr(Frames, "draw", _interrupted)
    assert cli.main(["film", str(run.path), "--out", str(tmp_path / "film.mp4")]) == cli.INTERRUPTED
    assert left_behind(tmp_path) == []


def _interrupted(*_):
    raise KeyboardInterrupt
