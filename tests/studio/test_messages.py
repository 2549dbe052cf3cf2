"""Which message is in front, and which wait behind it: the model of the bar, without Qt."""

import pytest

from studio.model.messages import Message, Messages, Subject


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def messages(clock):
    return Messages(clock)


def warning(text, **about):
    return Message(text, "Mend it.", is_warning=True, **about)


def all_of(messages):
    """Turn through all messages, from the one in front."""
    found = []
    for _ in range(len(messages)):
        found.append(messages.shown.text)
        messages.turn()
    return found


def test_what_is_told_in_one_instant_waits_behind(messages):
    for text in ("first", "second", "third"):
        messages.add(Message(text))
    assert (messages.place, len(messages)) == (1, 3)
    assert all_of(messages) == ["third", "second", "first"]
    messages.close()
    assert messages.shown.text == "second" and len(messages) == 2


def test_a_notice_that_could_be_read_makes_room(messages, clock):
    messages.add(Message("read"))
    clock.now = 10.0
    messages.add(Message("new"))
    assert all_of(messages) == ["new"]


def test_a_notice_that_was_read_before_a_warning_came_makes_room_for_the_next(messages, clock):
    messages.add(Message("read"))
    clock.now = 10.0
    messages.add(warning("broken"))
    messages.add(Message("new"))
    assert all_of(messages) == ["broken", "new"]


def test_a_notice_that_nobody_saw_makes_no_room(messages, clock):
    messages.add(Message("behind"))
    messages.add(Message("before"))
    clock.now = 10.0
    messages.add(Message("new"))
    assert all_of(messages) == ["new", "behind"]
    messages.clear()
    messages.add(warning("broken"))
    messages.add(Message("unseen"))
    clock.now = 20.0
    messages.add(Message("new"))
    assert all_of(messages) == ["broken", "new", "unseen"]


def test_no_notice_pushes_a_warning_away(messages, clock):
    messages.add(warning("broken"))
    clock.now = 100.0
    messages.add(Message("saved"))
    assert messages.shown.text == "broken" and (messages.place, len(messages)) == (1, 2)
    messages.add(warning("worse"))
    assert all_of(messages) == ["worse", "broken", "saved"]


def test_what_was_refused_is_over_once_something_else_worked_or_was_refused(messages, clock):
    refused = [warning(text, about=Subject.ASKED) for text in ("no folder", "no file")]
    for each in refused:
        messages.add(each)
    assert all_of(messages) == ["no file", "no folder"], "of one instant"
    clock.now = 1.0
    messages.add(warning("full", about=Subject.RUN))
    assert len(messages) == 3, "which nobody asked for"
    messages.add(warning("no branch", about=Subject.ASKED))
    assert all_of(messages) == ["no branch", "full"]
    clock.now = 2.0
    messages.add(Message("saved"))
    assert all_of(messages) == ["saved", "full"]


def test_who_reads_a_notice_sees_the_next_one(messages):
    messages.add(warning("broken"))
    messages.add(Message("saved"))
    messages.turn()
    messages.add(Message("finished"))
    assert messages.shown.text == "finished" and messages.place == 2


def test_the_same_is_said_once(messages):
    for text in ("a", "b", "a"):
        messages.add(warning(text))
    messages.add(Message("old", about=Subject.DATA))
    messages.add(Message("new", about=Subject.DATA))
    assert all_of(messages) == ["a", "b", "new"]


def test_what_lost_its_cause_goes_wherever_it_stands(messages):
    messages.add(warning("broken"))
    messages.add(Message("told", about=Subject.RECIPE))
    assert messages.is_about(Subject.RECIPE)
    messages.retract(Subject.RECIPE)
    assert not messages.is_about(Subject.RECIPE) and all_of(messages) == ["broken"]
    messages.retract(Subject.RUN)
    assert len(messages) == messages.place == 0 and messages.shown.text == ""


def test_what_fails_again_and_again_fills_nothing(messages):
    for n in range(100):
        messages.add(warning(f"broken {n}"))
    messages.add(Message("saved"))
    assert len(messages) == 10 and messages.shown.text == "broken 99"
