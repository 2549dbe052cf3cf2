"""What is said of points in the plane, and of tables. Knows no widget."""

from __future__ import annotations

from engine.i18n import joined, mark, number, tr, trn
from studio.model.scatter import Layer, Scatter

TITLES: dict[Layer, str] = {
    "real": mark("Real {data:pictures}"),
    "generated": mark("Generated {data:pictures}"),
    "field": mark("D's opinion"),
    "push": mark("Push on the points"),
}
TIPS: dict[Layer, str] = {
    "real": mark("{data:Pictures} of the data, which G never sees"),
    "generated": mark("{data:Pictures} that G makes, always out of the same random numbers"),
    "field": mark("How real D takes a point to be at each place of the plane: the bluer, the more real"),
    "push": mark("Where G's loss would have each generated point go: uphill, toward what D takes to be real"),
}


def told(scatter: Scatter) -> str:
    """Say in one line how much there is to see, for who cannot see it."""
    made = len(scatter.generated)
    return joined(
        trn("{count} real {data:image}", "{count} real {data:images}", scatter.real_count or len(scatter.real)),
        trn("{count} generated {data:image}", "{count} generated {data:images}", made) if made else "",
        modes_told(scatter),
        between=", ",
    )


def columns_told(scatter: Scatter) -> str:
    """Say that only some columns of a wide table are shown, nothing where all are."""
    shown, total = len(scatter.columns), len(scatter.names)
    if shown == total:
        return ""
    return tr("{shown} of {total} columns are shown", shown=number(shown), total=number(total))


def modes_told(scatter: Scatter) -> str:
    """Say how many of the clouds of the data G reaches, nothing where nobody knows."""
    if scatter.modes is None:
        return ""
    found, total = scatter.modes
    return tr("{found} of {total} clouds found", found=number(found), total=number(total))
