"""What ``config.json`` says, as text and as a checked record. Knows no other file of a run."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO, Literal, NamedTuple, TypeVar, get_args

from engine import __version__
from engine.config import MINUTES, OPTIONS, Config
from engine.config.renamed import class_of_today, of_today, option_of_today
from engine.datasets.info import MOST_COLUMNS, Column, DatasetInfo
from engine.errors import UserError
from engine.i18n import number, tr
from engine.text import LONGEST_NAME, plain

SCHEMA = 4
MOST_IMAGES = 10**15
MOST_EPOCHS = 10**9

_MOST_BYTES = 2**20
_MOST_CLASSES = 1000
_MOST_CHANGES = 20_000
_MOST_EXTENSIONS = 200
_MOST_OPTIONS = 200
_MOST_THREADS = 10_000
_LONGEST_TEXT = 4096
_LARGEST_END = 1e100


_T = TypeVar("_T")
Change = tuple[int, str, float]
"""A live change: images_seen, option, value."""


@dataclass(frozen=True)
class Branch:
    """Where a run comes from: another ``run``, at the end of its ``epoch``, which stood at ``images_seen``.

    ``is_exact``: it went on from the full state of that moment. Otherwise only the two players that were kept of the
    epoch are from there, and ``images_seen`` is 0, where the new run began.
    """

    run: str
    epoch: int
    images_seen: int = 0
    is_exact: bool = False


Schedule = Literal["stretch", "hold"]
SCHEDULES: tuple[Schedule, ...] = get_args(Schedule)


class Extension(NamedTuple):
    """At ``images_seen`` the length of a training became another one than ``before``, in images.

    "stretch": its schedules follow the new length from then on; "hold": they go on as they were, and stay where they
    were shortly before the end that was planned.
    """

    images_seen: int
    before: int
    schedule: Schedule


@dataclass
class RunInfo:
    """The contents of ``config.json``; ``changes`` are in order.

    ``minutes`` stands there while the speed is measured that turns them into images: nothing that was made until then
    counts. ``branch_of`` says whose networks the run began with, ``threads`` how many threads trained from which
    images_seen on, where that follows the machine. ``extensions`` are, in order, the moments at which it got another
    length, of which ``config`` tells the last. ``went_back`` are the moments at which a number was not finite, each
    with the one that the training went back to and on from.
    """

    config: Config
    facts: DatasetInfo
    changes: list[Change] = field(default_factory=list)
    minutes: float | None = None
    branch_of: Branch | None = None
    threads: list[tuple[int, int]] = field(default_factory=list)
    went_back: list[tuple[int, int]] = field(default_factory=list)
    extensions: list[Extension] = field(default_factory=list)

    @property
    def total_images(self) -> int:
        """Real images of the whole training, fixed before the learning rates begin to fall."""
        return self.config.total_images or self.config.epochs * self.facts.image_count

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes that the generator can be asked for; none where it takes no labels."""
        return self.config.asked_classes(self.facts.class_names)

    def config_at(self, images_seen: int) -> Config:
        """Return the options with the live changes up to ``images_seen``."""
        return self.config.changed(**{name: value for moment, name, value in self.changes if moment <= images_seen})

    def until(self, images_seen: int) -> RunInfo:
        """Return what would stand here if the run had gone no further than ``images_seen``."""
        later = next((each for each in self.extensions if each.images_seen > images_seen), None)
        return replace(
            self,
            config=self.config.changed(total_images=later.before) if later else self.config,
            changes=[change for change in self.changes if change[0] <= images_seen],
            threads=[moment for moment in self.threads if moment[0] <= images_seen],
            went_back=[moment for moment in self.went_back if moment[0] <= images_seen],
            extensions=[each for each in self.extensions if each.images_seen <= images_seen],
        )

    def extended(self, total_images: int, images_seen: int, schedule: Schedule) -> list[Extension]:
        """Return the extensions of the run once its length becomes ``total_images`` at ``images_seen``.

        Those of a future that was rolled back go; where the length stays, they come again.
        """
        if total_images == self.total_images:
            return self.extensions
        before = self.until(images_seen)
        kept = [each for each in before.extensions if each.images_seen < images_seen]
        same = before.extensions[len(kept) :]  # made at this very moment, and replaced
        length = same[0].before if same else before.total_images
        return kept if total_images == length else [*kept, Extension(images_seen, length, schedule)]


def with_change(changes: Iterable[Change], change: Change) -> list[Change]:
    """Return ``changes`` and ``change``, which replaces those of its option at its moment and later ones.

    They are of a future that was rolled back, and would undo what a person has just chosen.
    """
    moment, name, _ = change
    kept = [other for other in changes if other[1] != name or other[0] < moment]
    return sorted([*kept, change], key=lambda each: each[0])


def check_changes(info: RunInfo) -> None:
    """Raise ``UserError`` where a recorded live change would have been refused to a person at its moment.

    A run with such a change can be looked at; training on would crash, or teach nothing without a word.
    """
    config = info.config
    for images_seen, name, value in info.changes:
        kind = OPTIONS[name].kind
        config = config.model_copy(update={name: kind(value)})  # live and in range: that was checked as it was read
        try:
            config.check()
        except UserError as error:
            raise UserError(
                tr(
                    "The run cannot go on: at {count} {data:images} “{option}” becomes {value}, which makes no sense "
                    "there.",
                    count=number(images_seen),
                    option=tr(OPTIONS[name].label),
                    value=number(value),
                ),
                str(error),
            ) from None


def to_json(info: RunInfo) -> bytes:
    """Return the text of ``config.json``; raises ``UserError`` for more classes than can be read again."""
    if len(info.facts.class_names) > _MOST_CLASSES:
        raise UserError(
            tr("The data has {count} classes, more than a run can hold.", count=len(info.facts.class_names)),
            tr("Train on at most {most} classes.", most=_MOST_CLASSES),
        )
    head = {
        "schema": SCHEMA,
        "duelo": __version__,
        "config": info.config.model_dump(mode="json"),
        "facts": asdict(info.facts),
    }
    if info.minutes is not None:
        head["minutes"] = info.minutes
    if info.branch_of is not None:
        head["branch_of"] = asdict(info.branch_of)
    if info.threads:
        head["threads"] = info.threads[-_MOST_CHANGES:]
    if info.extensions:
        head["extensions"] = info.extensions[-_MOST_EXTENSIONS:]
    if info.went_back:
        head["went_back"] = info.went_back[-_MOST_CHANGES:]
    # One change to a line: a slider that was moved a lot makes many.
    changes = ",\n    ".join(json.dumps(change) for change in info.changes)
    return (json.dumps(head, indent=2).removesuffix("\n}") + f',\n  "changes": [\n    {changes}\n  ]\n}}').encode()


def read_info(file: BinaryIO, run: Path) -> RunInfo:
    """Read the ``config.json`` of ``run``.

    Raises ``ValueError`` when it is damaged, ``UserError`` when it is newer or an option is not one of ours.
    """
    data = file.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise ValueError("config.json is too large")
    content = json.loads(data)
    schema = _whole(_entry(content, "schema", int), 1, MOST_IMAGES)
    if schema > SCHEMA:
        raise _made_by_newer(run, plain(content.get("duelo") or "?", 20))
    options = _options(_entry(content, "config", dict))
    config = Config.parse(_upgraded(options, schema))
    info = RunInfo(
        config,
        _facts(_entry(content, "facts", dict), config.dataset),
        _changes(_entry(content, "changes", list), schema),
        _minutes(content.get("minutes")),
        branch_from(content.get("branch_of")),
        _pairs(content.get("threads", []), 1, _MOST_THREADS),
        _pairs(content.get("went_back", []), 0, MOST_IMAGES),
        _extensions(content.get("extensions", [])),
    )
    _check_classes(info.config.classes, info.facts.class_names)
    return info


def _upgraded(options: dict[str, Any], schema: int) -> dict[str, Any]:
    """Return the options of a run of an older ``schema`` as of today.

    Until 2 both players shared Adam's β, until 3 options and choices had other names.
    """
    if schema == 1:
        old = {name: options[name] for name in ("beta1", "beta2") if name in options}
        rest = {name: value for name, value in options.items() if name not in old}
        options = rest | {f"{player}_{name}": value for name, value in old.items() for player in "gd"}
    return of_today(options) if schema < 3 else options


def _options(options: dict[str, Any]) -> dict[str, Any]:
    """Return ``options`` if they are small and flat enough to be judged, and quoted in a sentence, one by one."""
    if len(options) > _MOST_OPTIONS:
        raise ValueError("too many options")
    for name, value in options.items():
        _text(name, 100)
        for part in value if isinstance(value, list) and len(value) <= _MOST_CLASSES else [value]:
            if isinstance(part, str):
                _text(part, _LONGEST_TEXT)
            elif isinstance(part, list | dict) or (isinstance(part, int) and abs(part) > MOST_IMAGES):
                raise ValueError(f"the option {name} has no simple value")
    return options


def _facts(facts: dict[str, Any], dataset: str) -> DatasetInfo:
    names = _entry(facts, "class_names", list)
    if len(names) > _MOST_CLASSES:
        raise ValueError("too many classes")
    columns = tuple(map(_column, _columns(facts.get("columns", []))))
    channels, size = facts.get("channels"), facts.get("size")
    if (channels, size) != (len(columns), 1) if columns else channels not in (1, 3):
        raise ValueError("pictures are gray or have three colors, points have a channel for each of their columns")
    return DatasetInfo(
        _whole(facts.get("image_count"), 1, 10**9),
        tuple(class_of_today(dataset, plain(_text(name, 255), LONGEST_NAME)) for name in names),
        _whole(channels, 1, MOST_COLUMNS),
        _whole(size, 1 if columns else 4, 1024),
        columns,
    )


def _columns(entries: Any) -> list[Any]:
    if not isinstance(entries, list) or len(entries) == 1 or len(entries) > MOST_COLUMNS:
        raise ValueError("no list of columns")
    return entries


def _column(entry: Any) -> Column:
    """Return the column if its ends are numbers in their order."""
    if not isinstance(entry, list) or len(entry) != 4:
        raise ValueError("a column has four parts")
    name, low, high, decimals = entry
    if not all(type(end) in (int, float) and abs(end) <= _LARGEST_END for end in (low, high)) or low > high:
        raise ValueError("a column has no ends")
    return Column(plain(_text(name, 255), LONGEST_NAME), float(low), float(high), _whole(decimals, -1, 9))


def _changes(entries: list[Any], schema: int) -> list[Change]:
    if len(entries) > _MOST_CHANGES:
        raise ValueError("too many changes")
    return sorted((_change(entry, schema) for entry in entries), key=lambda change: change[0])


def _change(entry: Any, schema: int) -> Change:
    """Return the change if the trainer could have made it: of a live option, to a value in its range."""
    if not isinstance(entry, list) or len(entry) != 3:
        raise ValueError("a change has three parts")
    images, name, value = entry
    name = option_of_today(_text(name, 100)) if schema < 3 else _text(name, 100)
    option = OPTIONS.get(name)
    if option is None or not option.live or option.minimum is None or option.maximum is None:
        raise ValueError(f"the option {name} cannot change")
    if type(value) not in (int, float) or not option.minimum <= value <= option.maximum:
        raise ValueError(f"the option {name} is out of range")
    if option.kind is int and value != int(value):
        raise ValueError(f"the option {name} is a whole number")
    return _whole(images, 0, MOST_IMAGES), option.name, float(value)


def _minutes(value: Any) -> float | None:
    if value is None:
        return None
    if type(value) not in (int, float) or not MINUTES[0] <= value <= MINUTES[1]:
        raise ValueError("the minutes are out of range")
    return float(value)


def branch_from(value: Any) -> Branch | None:
    """Return where a run comes from, as JSON says it; raises ``ValueError`` where it is damaged."""
    if value is None:
        return None
    run = _text(_entry(value, "run", str), _LONGEST_TEXT)
    images_seen, is_exact = value.get("images_seen", 0), value.get("is_exact", False)
    if not isinstance(is_exact, bool):
        raise ValueError("exact or not")
    return Branch(run, _whole(value.get("epoch"), 0, MOST_EPOCHS), _whole(images_seen, 0, MOST_IMAGES), is_exact)


def _extensions(entries: Any) -> list[Extension]:
    if not isinstance(entries, list) or len(entries) > _MOST_EXTENSIONS:
        raise ValueError("no list of lengths")
    found = [_extension(*entry) for entry in entries]
    if [each.images_seen for each in found] != sorted(each.images_seen for each in found):
        raise ValueError("lengths out of order")
    return found


def _extension(images_seen: Any, before: Any, schedule: Any) -> Extension:
    if schedule not in SCHEDULES:
        raise ValueError("no schedule")
    return Extension(_whole(images_seen, 0, MOST_IMAGES), _whole(before, 1, MOST_IMAGES), schedule)


def _pairs(entries: Any, low: int, high: int) -> list[tuple[int, int]]:
    """Return images_seen, in order, each with a whole number from ``low`` to ``high``."""
    if not isinstance(entries, list) or len(entries) > _MOST_CHANGES:
        raise ValueError("no list of moments")
    found = [(_whole(images, 0, MOST_IMAGES), _whole(value, low, high)) for images, value in entries]
    return sorted(found, key=lambda each: each[0])


def _check_classes(classes: tuple[int, ...], names: tuple[str, ...]) -> None:
    """Every chosen class has its name, or the data has no classes."""
    if any(label < 0 for label in classes) or (classes and names and len(classes) != len(names)):
        raise ValueError("the chosen classes and their names contradict each other")


def _entry(content: Any, name: str, kind: type[_T]) -> _T:
    value = content.get(name) if isinstance(content, dict) else None
    if not isinstance(value, kind) or isinstance(value, bool):
        raise ValueError(f"{name} is missing or of another type")
    return value


def _whole(value: Any, low: int, high: int) -> int:
    if type(value) is not int or not low <= value <= high:
        raise ValueError(f"not a whole number from {low} to {high}")
    return value


def _text(value: Any, longest: int) -> str:
    if not isinstance(value, str) or len(value) > longest or "\0" in value:
        raise ValueError("not a short text")
    value.encode()  # half a character, which no terminal and no library takes, is a ValueError
    return value


def _made_by_newer(run: Path, version: str) -> UserError:
    return UserError(
        tr("The run “{path}” was made by a newer Duelo ({version}).", path=run, version=version),
        tr("Update Duelo to open it."),
    )
