"""Jobs beside the window, and the thread that answers the newest request only: told in order, ended together."""

import threading
import time
import weakref
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from shiboken6 import delete

from engine.errors import UserError
from studio.widgets.fields.save_place import SavePlace
from studio.workers import job_runner
from studio.workers.job_runner import JobRunner, Listeners, RunningJob
from studio.workers.latest_only import LatestOnlyWorker


@pytest.fixture
def runner(qtbot):
    made = JobRunner()
    yield made
    made.stop()
    made.wait(time.monotonic() + 60)


class Log:
    """Notes what a job tells."""

    def __init__(self):
        self.told, self.ended = [], False
        self.listeners = Listeners(
            event=lambda event: self.told.append(("event", event)),
            result=lambda result: self.told.append(("result", result)),
            failed=lambda failed: self.told.append(("failed", failed.message)),
            paused=lambda: self.told.append("paused"),
            resumed=lambda: self.told.append("resumed"),
            end=self._end,
        )

    def _end(self):
        self.ended = True


def test_a_job_tells_its_events_its_result_and_its_end_in_the_window_s_thread(runner, qtbot):
    log, threads = Log(), set()

    def job():
        threads.add(threading.current_thread().name)
        yield 1
        yield 2
        return "done"

    runner.start("count", job, log.listeners)
    qtbot.waitUntil(lambda: log.ended)
    assert log.told == [("event", 1), ("event", 2), ("result", "done")] and threads == {"count"}


def test_a_failure_is_told_and_not_raised(runner, qtbot):
    log = Log()

    def fail():
        raise UserError("No.", "Try again.")

    runner.do("fail", fail, log.listeners)
    qtbot.waitUntil(lambda: log.ended)
    assert log.told == [("failed", "No.")]


def test_a_dialog_that_is_gone_by_then_hears_nothing_more(runner, qtbot):
    place, log = SavePlace("film", (".mp4",)), Log()

    def job():
        yield "looked"
        return True

    heard = replace(log.listeners, event=lambda _: delete(place), result=partial(place.show_taken, Path("there.mp4")))
    runner.start("look", job, heard)
    qtbot.waitUntil(lambda: log.ended)


def test_a_pause_asks_for_no_further_event_and_a_canceled_job_is_closed(runner, qtbot):
    log, closed, asked = Log(), threading.Event(), []

    def job():
        try:
            while True:
                asked.append(1)
                yield 0
        finally:
            closed.set()

    running = runner.start("rest", job, log.listeners)
    running.pause()
    qtbot.waitUntil(lambda: "paused" in log.told)
    before = len(asked)
    running.resume()
    qtbot.waitUntil(lambda: len(asked) > before)
    running.cancel()
    qtbot.waitUntil(lambda: log.ended)
    assert closed.is_set() and "resumed" in log.told


def test_a_job_rests_by_itself_where_it_cannot_go_on(runner, qtbot):
    log, asked = Log(), []

    def job():
        yield 1
        yield "stuck"
        asked.append(1)
        yield 2

    running = runner.start("stuck", job, log.listeners, rests_at=str)
    qtbot.waitUntil(lambda: ("event", "stuck") in log.told)
    assert not asked
    running.resume()
    qtbot.waitUntil(lambda: log.ended)
    assert log.told == [("event", 1), ("event", "stuck"), "resumed", ("event", 2), ("result", None)]


def test_who_is_canceled_silently_tells_nothing_more(runner, qtbot):
    log = Log()
    running = runner.do("quiet", lambda: 1, log.listeners)
    running.join()
    running.cancel(silently=True)
    runner.bridge.deliver(budget=60)
    assert not log.told and not log.ended


def test_all_jobs_end_by_one_deadline_and_stopping_waits_for_none(runner, qtbot):
    may_end, closed = threading.Event(), []

    def stuck():
        may_end.wait()  # a server that does not answer

    def tidy():
        try:
            while True:
                yield 0
        finally:
            closed.append(True)

    slow = [runner.do("stuck", stuck) for _ in range(3)]
    quick = runner.start("tidy", tidy)
    runner.stop()
    assert all(job.is_alive() for job in slow), "stopping does not wait"
    quick.join()
    runner.wait(time.monotonic())
    assert closed == [True] and all(job.is_alive() for job in slow), "one deadline for all, and it is over"
    may_end.set()


@pytest.fixture
def worker(runner):
    made = LatestOnlyWorker("latest", runner.bridge)
    yield made
    made.stop()
    made.wait(time.monotonic() + 60)


def test_the_newest_request_of_a_channel_wins_and_no_channel_starves(worker, qtbot):
    gate, begun, told = threading.Event(), threading.Event(), []

    def ask(channel, value):
        def work(_is_stale):
            begun.set()
            gate.wait()
            return value

        worker.request(channel, work, told.append, told.append)

    ask("a", 1)
    begun.wait()
    ask("b", 2)
    ask("a", 3)
    ask("b", 4)
    gate.set()
    qtbot.waitUntil(lambda: len(told) == 3)
    assert told == [1, 4, 3]


def test_a_channel_with_a_pace_has_one_before_its_time_and_then_waits_for_it(runner, qtbot):
    worker, told = LatestOnlyWorker("paced", runner.bridge, pace=3600.0), []
    for channel, count in (("a", 1), ("a", 2), ("a", 2), ("b", 3)):
        worker.request(channel, lambda _, channel=channel: channel, told.append, told.append)
        qtbot.waitUntil(lambda count=count: len(told) >= count)
    worker.stop()
    assert told == ["a", "a", "b"], "nobody sees a thousand pictures a second, and no other channel waits for it"


def test_what_is_forgotten_is_not_answered_and_can_notice_it(worker, qtbot):
    begun, told, stale = threading.Event(), [], []

    def long(is_stale):
        begun.set()
        while not is_stale():
            time.sleep(0)
        stale.append(True)

    worker.request("a", long, told.append, told.append)
    begun.wait()
    worker.forget()
    worker.request("a", lambda _: "new", told.append, told.append)
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["new"] and stale == [True]


def test_what_fails_is_told_and_the_thread_lives_on(worker, qtbot):
    told = []
    worker.request("a", lambda _: 1 / 0, told.append, lambda error: told.append(type(error)))
    worker.request("b", lambda _: "well", told.append, told.append)
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told == [ZeroDivisionError, "well"]


def test_a_job_that_keeps_pace_waits_until_the_window_has_shown_what_it_told(runner, qtbot, monkeypatch):
    monkeypatch.setattr(job_runner, "_PATIENCE_SECONDS", 60.0)
    log, made, ahead = Log(), [], []

    def job():
        for number in range(5):
            made.append(number)
            yield number

    listeners = replace(log.listeners, event=lambda number: ahead.append(len(made) - 1 - number))
    runner.start("listing", job, listeners, keeps_pace=True)
    qtbot.waitUntil(lambda: log.ended)
    assert ahead == [0] * 5


def test_a_job_that_waits_for_the_window_ends_at_once_when_it_is_canceled(runner, monkeypatch):
    monkeypatch.setattr(job_runner, "_PATIENCE_SECONDS", 1e6)
    begun = threading.Event()

    def job():
        begun.set()
        while True:
            yield

    running = runner.start("listing", job, keeps_pace=True)
    begun.wait(60)
    running.cancel()
    running.join(60)
    assert not running.is_alive()


def test_what_is_asked_for_in_turn_is_done_and_told_in_the_order_in_which_it_was_asked_for(runner, qtbot):
    log, done, second_ran = Log(), [], threading.Event()

    def first():
        second_ran.wait(0.2)  # long enough for the second one to overtake it, if it could
        done.append("first")
        return "first"

    def second():
        second_ran.set()
        done.append("second")
        return "second"

    told = Listeners(result=lambda result: log.told.append(result))
    runner.in_turn("files", first, told)
    runner.in_turn("files", second, replace(told, end=log.listeners.end))
    qtbot.waitUntil(lambda: log.ended)
    assert done == log.told == ["first", "second"]


def test_what_has_another_name_does_not_wait(runner, qtbot):
    log, other_ran, waited = Log(), threading.Event(), []
    runner.in_turn("files", lambda: waited.append(other_ran.wait(60)), log.listeners)
    runner.in_turn("others", other_ran.set)
    qtbot.waitUntil(lambda: log.ended)
    assert waited == [True]


def test_work_in_turn_goes_on_after_a_failure_and_holds_nothing_that_is_over(runner, qtbot):
    log = Log()

    class Failing:
        def __call__(self):
            raise UserError("No.", "Try again.")

    work = Failing()
    held = weakref.ref(work)
    runner.in_turn("files", work, Listeners(failed=log.listeners.failed))
    del work
    runner.in_turn("files", lambda: "done", Listeners(result=log.listeners.result, end=log.listeners.end))
    qtbot.waitUntil(lambda: log.ended)
    assert log.told == [("failed", "No."), ("result", "done")]
    qtbot.waitUntil(lambda: held() is None)


def test_who_reads_after_changes_sees_the_last_of_them_and_no_change_waits_for_a_reader(runner, qtbot):
    log, may_change, kept = Log(), threading.Event(), []

    def change(number):
        may_change.wait(60)
        kept.append(number)

    for number in (1, 2):
        runner.in_turn("files", lambda number=number: change(number))
    reader = runner.do("reading", lambda: list(kept), log.listeners, after="files")
    runner.in_turn("files", lambda: change(3))
    assert reader.is_alive()
    may_change.set()
    qtbot.waitUntil(lambda: log.ended and len(kept) == 3)
    ((_, seen),) = log.told
    assert seen[:2] == [1, 2]


# --- what keeps something


def test_what_keeps_something_is_done_though_it_was_canceled_before_it_began(runner):
    done = []

    def keeping(is_kept):
        done.append(is_kept)
        yield

    for is_kept in (True, False):
        job = RunningJob("keeping", lambda is_kept=is_kept: keeping(is_kept), runner.bridge, is_kept=is_kept)
        job.cancel(silently=True)
        job.start()
        job.join()
    assert done == [True]


def test_the_end_waits_for_what_keeps_something_and_for_nothing_else(runner):
    may_go, kept, begun = threading.Event(), [], threading.Event()
    stuck = runner.do("a server that does not answer", lambda: begun.set() or may_go.wait())
    begun.wait(60)
    runner.in_turn("names", lambda: begun.wait(60))
    first, second = (runner.keep("names", lambda name=name: kept.append(name)) for name in ("first", "second"))
    runner.stop()
    runner.wait_until_kept(time.monotonic() + 60)
    assert kept == ["first", "second"] and not (first.is_alive() or second.is_alive()) and stuck.is_alive()
    may_go.set()
