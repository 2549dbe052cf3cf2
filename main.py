"""Duelo. Without arguments it opens the window, otherwise it runs a headless command (``--help`` lists them)."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from engine import quiet

if TYPE_CHECKING:
    from engine.class_file import ClassFile
    from engine.cli.report import Printer
    from engine.errors import UserError

os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")  # looking for plugins delays the window


def main() -> int:
    """Start the window or a command and return the exit code."""
    quiet.silence_libraries()
    from engine import legible

    legible.prepare()
    if len(sys.argv) == 1:
        from studio.app import run

        return run()
    from engine import cli
    from engine.class_file import ENDING
    from engine.cli import opening, report
    from studio import bench

    report.printers.append(_printer)
    opening.openers.append(_open)
    arguments = sys.argv[1:]
    if len(arguments) == 1 and arguments[0].lower().endswith(ENDING):  # a double click names the file alone
        return opening.open_from_desktop(arguments[0])
    return cli.main(arguments, more_bench=bench.PARTS)


def _open(found: ClassFile | UserError) -> int:
    from studio.app import run

    return run(found)


def _printer() -> Printer:
    from studio.printing import print_alone

    return print_alone


if __name__ == "__main__":
    sys.exit(main())
