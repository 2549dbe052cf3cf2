"""What is said of an option that nobody declared, or that cannot have a value. Knows no set of options."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic_core import ErrorDetails

from engine.config.declare import Option
from engine.errors import UserError, unknown_name
from engine.i18n import joined, tr
from engine.numbers import limits
from engine.registry import Registry
from engine.text import LONGEST_NAME, plain


def refusal(spec: Option, value: object, hint: str) -> UserError:
    """Say that an option cannot have ``value``; ``hint`` is a sentence that says what it can."""
    label = tr(spec.label)
    return UserError(tr("{label} ({name}) cannot be “{value}”.", label=label, name=spec.name, value=value), hint)


def unknown_option(name: str, options: Mapping[str, Option]) -> UserError:
    """Say that none of ``options`` is called ``name``, with the nearest that is."""
    return unknown_name(tr("There is no option “{name}”.", name=plain(name, LONGEST_NAME)), name, options)


def refused(error: ErrorDetails, options: Mapping[str, Option]) -> UserError:
    """Say what pydantic's ``error`` means for one of ``options``: its value, and what is allowed."""
    name = str(error["loc"][0] if error["loc"] else "")  # nothing in sight where a name is no text
    if error["type"] == "extra_forbidden" or name not in options:
        return unknown_option(name, options)
    spec = options[name]
    value = plain(error["input"], LONGEST_NAME)
    if spec.choices:
        allowed = tr("Choose one of: {choices}.", choices=", ".join(spec.choices))
        if isinstance(spec.table, Registry):  # an old run may say what a package brought that is no longer there
            allowed = joined(allowed, tr("If another package brings it, install that."))
    elif spec.kind is bool:
        allowed = tr("Choose one of: {choices}.", choices="true, false")
    elif spec.minimum is not None:
        allowed = limits(spec.minimum, spec.maximum or 0, whole=spec.kind is int)
    else:
        allowed = tr("It looks like this: {example}.", example=spec.default or "3,8")
    return refusal(spec, value, allowed)
