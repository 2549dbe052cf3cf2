"""What a thread does that uses torch beside the training, and how torch comes into the process."""

from __future__ import annotations

import gc


def prepare() -> None:
    """Let this thread, in which torch is now imported, leave the cores to the training."""
    from engine import device

    device.prepare_helper_thread()


def import_torch() -> None:
    """Import torch, which takes over a second, and what else comes late.

    What is loaded by then stays as long as the process. Nobody need look through it for garbage, which stops every
    thread for a tenth of a second.
    """
    import numpy.ma  # noqa: F401 - ``np.unique`` wants it, in the middle of drawing the first curves
    from PIL import Image

    import engine.trainer  # noqa: F401

    Image.preinit()
    gc.freeze()
