"""What a discriminator says of a batch."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor


class Verdict(NamedTuple):
    """``logits`` [N], positive for real; ``class_logits`` [N, classes], or None from a D that reads no class."""

    logits: Tensor
    class_logits: Tensor | None

    def float(self) -> Verdict:
        """Return the verdict in float32, for losses after a pass in lower precision."""
        return Verdict(self.logits.float(), None if self.class_logits is None else self.class_logits.float())

    def split(self, count: int) -> tuple[Verdict, Verdict]:
        """Return the verdicts on the first ``count`` images and on the others."""
        first, rest = slice(count), slice(count, None)
        classes = self.class_logits
        return (
            Verdict(self.logits[first], None if classes is None else classes[first]),
            Verdict(self.logits[rest], None if classes is None else classes[rest]),
        )
