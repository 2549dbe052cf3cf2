"""The lab report: one page with all that a run tells, in either language, with what the lessons noted."""

import base64
import re
from dataclasses import replace
from html import escape

import pytest

from engine import report
from engine.cli import main
from engine.cli import report as command
from engine.export.timeline import read_timeline
from engine.lessons import library, progress
from engine.lessons.lesson import LessonStep, Quiz
from engine.lessons.outline import outline_of
from engine.lessons.progress import Answered, LessonProgress, PageDone
from engine.recipes import recipe
from engine.runs import RunFolder, metrics
from engine.trainer import Trainer
from tests import films, tiny
from tests.engine import hostile
from tests.nouns import OF_PICTURES


@pytest.fixture
def run(tmp_path):
    return films.make(tmp_path / "runs" / "first", size=28)


def shown(page):
    """The page without its pictures."""
    return re.sub(r"base64,[^\"]*", "", page)


def test_the_page_tells_settings_curves_samples_and_diagnosis(folder, tiny_data):
    for _ in Trainer(tiny.config(epochs=2, g_lr=0.001), folder).run():
        pass
    page = report.written(folder)
    headings = re.findall("<h2.*?>(.*?)</h2>", page)
    assert headings == ["The training", "Settings", "Curves", "Samples over the epochs", "Diagnosis"]
    assert "Learning rate of G 0.001" in page
    pictures = [(base64.b64decode(it), int(width)) for it, width in re.findall('base64,([^"]*)" width="(.*?)"', page)]
    assert len(pictures) == 2 and all(it[1:4] == b"PNG" for it, _ in pictures)
    assert all(width <= int.from_bytes(it[16:20]) for it, width in pictures), "none is blurred"
    assert "http" not in page, "it needs no net"
    assert "color-scheme: light dark" in page and "@media print { :root { color-scheme: light; } }" in page


def test_a_report_of_points_speaks_of_points_and_tells_the_clouds_that_were_found(folder):
    config = recipe("plane-ring").config(**(tiny.OPTIONS | {"max_images": 40, "epochs": 1}))
    for _ in Trainer(config, folder).run():
        pass
    found = {"accuracy": None, "confusion_matrix": None, "histogram": (0.5, 0.5, *[0.0] * 6)}
    for images_seen in (20, 40):
        folder.append_quality(replace(hostile.quality(1), images_seen=images_seen, **found))
    page = shown(report.written(folder))
    assert "<tr><td>0.5</td>" in page and "<tr><td>1</td>" in page, "where one epoch was judged twice"
    said = re.sub("<[^>]*>", " ", page).replace("z_dim", "")
    assert "Real points seen" in said and "2 of 8" in said and "Read as asked" not in said
    assert not OF_PICTURES.search(said)
    assert read_timeline(folder, [1], [1]).data == "Plane: a ring of eight clouds · x, y", "and so do its films"


def test_what_strangers_wrote_is_text_and_no_page(run):
    (run.path / "about.json").write_text('{"name": "<b>mine</b>", "note": "<script>x</script>"}')
    page = shown(report.written(run))
    assert "<script>" not in page and "<b>mine" not in page


def test_measures_have_a_line_for_each_look(run):
    assert report.written(run).count("<h2>Measures</h2>") == bool(run.qualities())


def test_rows_are_read_once_however_often_they_are_needed(run, monkeypatch):
    read, pages = metrics.read_table, []
    monkeypatch.setattr(metrics, "read_table", lambda file: pages.append(file.name) or read(file))
    assert "<h2>Curves</h2>" in report.written(run)
    assert len(pages) == 1, "millions of rows take seconds"


def test_lessons_done_with_the_run_stand_in_it(run):
    lesson = next(it for it in library.load().lessons if it.language == "en" and isinstance(it.pages[0], Quiz))
    question = lesson.pages[0].questions[0]
    wrong = (question.right + 1) % len(question.answers)
    done = LessonProgress(lesson.title, "2026-01-01T10:00:00", 1, [run.path.name])
    done.language, done.outline = "en", outline_of(replace(lesson, pages=(LessonStep("Gone", ""), *lesson.pages)))
    done.pages[2] = PageDone("Train", "2026-01-01T10:03:00", 75.0, ("12 epochs",))
    done.answers["1.0"] = Answered(wrong, False, "2026-01-01T10:01:00")
    spanish = LessonProgress("Una", runs=[run.path.name])
    spanish.pages[1] = PageDone("Una", "2026-01-01T10:09:00", 1.0, ("ahora: …",), ("rate-too-high",))
    spanish.pages[3] = PageDone("Otra", "2026-01-01T10:09:00", 1.0, ("30 %",), ("no number",))
    done.pages[3] = PageDone("Wait", "2026-01-01T10:04:00", 1.0, ("8", "61 %"), (8.0, 0.61))
    own = LessonProgress("A teacher's, which is gone", runs=[run.path.name])
    own.pages[0] = PageDone("Read", "2026-01-01T10:09:00", 1.0)
    progress.write(
        {
            "09-sensitive-knobs": spanish,
            lesson.name: done,
            "gone": own,
            "other": LessonProgress("Other", runs=["another-run"]),
        }
    )
    page = report.written(run)
    assert f"Lesson: {lesson.title}" in page and "1 min 15 s" in page and "12 epochs" in page
    assert "Clouds that are made: 8; Readable: 61%" in page, "no number alone, and in the words of its data"
    assert page.count("<thead>") == page.count("</thead>") >= 2, "or a page in the midst of a table has no heads"
    assert "now: Learning rate too high" in page and "ahora" not in page and "30 %" in page, "what still can be told"
    assert all(escape(text) in page for text in (question.text, question.answers[wrong]))
    assert "Other" not in page.partition("Lesson:")[2]


def test_a_damaged_record_of_the_lessons_is_a_sentence_in_a_whole_report(run):
    progress.path().parent.mkdir(parents=True, exist_ok=True)
    progress.path().write_text("{")
    page = report.written(run)
    assert "is damaged" in page and "<h2>Curves</h2>" in page


@pytest.mark.parametrize(("language", "word"), [("en", "Settings"), ("es", "Ajustes")])
def test_the_command_writes_it_in_either_language(run, tmp_path, capsys, language, word):
    place = tmp_path / "r.html"
    assert main(["report", str(run.path), "--out", str(place), "--language", language]) == 0
    assert f"<h2>{word}</h2>" in place.read_text() and capsys.readouterr().out.strip() == str(place)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--out", "r.txt"], "end in .html or .pdf"),
        (["--language", "fr"], "does not speak"),
        (["--out", "r.pdf"], "PySide6 is missing"),
    ],
)
def test_what_cannot_be_is_one_sentence(run, capsys, monkeypatch, arguments, said):
    monkeypatch.setattr(command, "printers", [])
    assert main(["report", str(run.path), *arguments]) == 1
    assert said in capsys.readouterr().err


def test_a_folder_without_a_run_is_one_sentence(tmp_path, capsys):
    assert main(["report", str(tmp_path / "none"), "--out", str(tmp_path / "r.html")]) == 1
    assert not (tmp_path / "r.html").exists() and "Traceback" not in capsys.readouterr().err
    assert not RunFolder(tmp_path / "none").path.exists()
