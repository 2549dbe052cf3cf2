"""Duelo. Without arguments it opens the window, otherwise it runs a headless command (``--help`` lists them)."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from engine import quiet

if TYPE_CHECKING:
    from engine.cli.report import Printer

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
    from engine.cli import report
    from studio import bench

    report.printers.append(_printer)
    return cli.main(sys.argv[1:], more_bench=(bench.PART, bench.SEARCH_PART))


def _printer() -> Printer:
    from studio.printing import print_alone

    return print_alone


if __name__ == "__main__":
    sys.exit(main())
