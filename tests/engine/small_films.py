"""Films of small runs, and what is in them."""

from engine.export import ExportOptions, save

QUICK = ExportOptions(frames_per_second=10, seconds_held=0.5)


def saved(run, path, wish=QUICK):
    """Save, and return what was told on the way."""
    return list(save(run, path, wish))
