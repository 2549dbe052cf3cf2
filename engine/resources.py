"""Where the files that Duelo ships lie; the same beside a checkout and in an installed wheel."""

from pathlib import Path

RESOURCES = Path(__file__).resolve().parent.parent / "resources"
