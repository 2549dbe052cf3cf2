"""What a discriminator says of a batch."""

from typing import NamedTuple

from torch import Tensor


class Verdict(NamedTuple):
    """``logits`` [N], positive for real; ``class_logits`` [N, classes], or None from a D that reads no class."""

    logits: Tensor
    class_logits: Tensor | None
