"""Real processes that are asked to end, or whose terminal or pipe goes: the run is saved, nobody sees a traceback."""

import contextlib
import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engine.cli import endings
from engine.signals import on_signals
from tests.engine.forked import Forked

ROOT = Path(__file__).resolve().parents[2]
MAIN = [sys.executable, str(ROOT / "main.py")]
SMALL = ("threads=1", "g_channels=4", "d_channels=4", "batch_size=50", "eval_time_percent=0", "sample_every=1000")
TRAIN = ["train", *(f"--set={setting}" for setting in SMALL), "--device=cpu", "--classes=3,8"]
ENDLESS = [*TRAIN, "--epochs=100000", "--run"]
needs_posix = pytest.mark.skipif(os.name == "nt", reason="signals, pipes and terminals of POSIX")
pytestmark = needs_posix


@pytest.fixture(autouse=True)
def signals_as_at_a_terminal():
    """Who runs the tests may ignore SIGHUP, as nohup does, and what they start would inherit that."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


def begin(command, **streams):
    return subprocess.Popen([str(part) for part in command], env=os.environ | {"PYTHONPATH": str(ROOT)}, **streams)


def wait_for_steps(process, folder, more_than=0):
    """Wait until the training has written rows, or has ended."""
    while process.poll() is None and (not folder.exists() or len(folder.metrics()) <= more_than):
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.02)
    assert process.poll() is None, "it trains"


def is_saved(folder):
    return folder.state()[1]["images_seen"] == folder.images_seen() == folder.metrics()[-1].images_seen > 0


@contextlib.contextmanager
def ended(process):
    """Leave no process behind, whatever fails."""
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdout, process.stderr):
            if stream:
                stream.close()


def check_that_it_saves_as_ctrl_c_does(process, folder, number):
    process.send_signal(number)
    process.send_signal(number)  # a shell that ends and its terminal both send one
    out, err = process.communicate()
    assert process.returncode == 130 and out == "" and "Traceback" not in err
    assert f'--resume --run "{folder.path}"' in err and is_saved(folder)


def test_a_terminal_that_says_that_it_goes_has_the_run_saved(folder):
    process = begin([*MAIN, *ENDLESS, folder.path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    with ended(process):
        wait_for_steps(process, folder)
        check_that_it_saves_as_ctrl_c_does(process, folder, signal.SIGHUP)


def test_what_nohup_started_does_not_mind_that_its_terminal_goes_and_is_saved_when_it_is_ended(folder):
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        process = Forked([*ENDLESS, folder.path], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    finally:
        signal.signal(signal.SIGHUP, before)
    with ended(process):
        wait_for_steps(process, folder)
        process.send_signal(signal.SIGHUP)
        wait_for_steps(process, folder, len(folder.metrics()) + 3)
        check_that_it_saves_as_ctrl_c_does(process, folder, signal.SIGTERM)


def test_a_terminal_that_goes_ends_with_a_saved_run(folder):
    ours, theirs = os.openpty()
    process = Forked([*ENDLESS, folder.path], stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    with ended(process):
        wait_for_steps(process, folder)
        os.close(ours)
        assert process.wait() == 130 and is_saved(folder)


def test_a_pipe_that_nobody_reads_ends_with_a_saved_run(folder):
    process = Forked([*ENDLESS, folder.path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    with ended(process):
        assert "run folder" in process.stdout.readline()
        wait_for_steps(process, folder)
        process.stdout.close()  # as “| head -1” does
        assert process.wait() == 130 and is_saved(folder)


@pytest.mark.parametrize("arguments", [["recipes"], ["recipes", "--help"], ["nope"]], ids=" ".join)
def test_a_command_whose_output_nobody_reads_says_nothing_of_it(arguments, tmp_path):
    ours, theirs = os.pipe()
    os.close(ours)
    with open(tmp_path / "said", "wb+") as said:
        process = begin([*MAIN, *arguments], stdout=theirs, stderr=said if "nope" not in arguments else theirs)
        os.close(theirs)
        assert process.wait() == (1 if "nope" in arguments else 0)
        said.seek(0)
        assert said.read() == b""


def test_a_command_without_any_output_ends_well():
    command = [sys.executable, "-c", "import sys; sys.stdout = sys.stderr = None\nfrom engine import cli\n"]
    command[-1] += "sys.exit(cli.main(['datasets']))"
    assert begin(command).wait() == 0


def test_other_troubles_of_output_are_not_hidden(monkeypatch, tmp_path):
    class Full:
        def write(self, text):
            raise OSError(errno.ENOSPC, "No space left on device")

        def flush(self):
            pass

    monkeypatch.setattr(sys, "stdout", Full())
    with pytest.raises(OSError, match="No space"), endings.in_order():
        print("lost")


def test_signals_and_streams_are_given_back():
    before = sys.stdout, sys.stderr, *(signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM))
    with endings.in_order(), endings.interruptible() as asked:
        assert not asked()
        signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGTERM)
        assert asked()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert before == (sys.stdout, sys.stderr, *(signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)))


def test_all_that_asks_to_end_is_heard_but_a_terminal_that_goes_where_nohup_has_said_so():
    numbers = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
    before = {number: signal.getsignal(number) for number in numbers}
    for ignored, heard in (((), numbers), ((signal.SIGHUP, signal.SIGINT), [signal.SIGINT, signal.SIGTERM])):
        for number in ignored:
            signal.signal(number, signal.SIG_IGN)
        told = []
        with on_signals(lambda number, _frame, told=told: told.append(number)):
            for number in numbers:
                signal.raise_signal(number)
        assert told == heard
        for number, handler in before.items():
            assert signal.getsignal(number) == (signal.SIG_IGN if number in ignored else handler)
            signal.signal(number, handler)
