"""What a discriminator says of a batch."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor


class DiscriminatorOutput(NamedTuple):
    """``logits`` [N], positive for real; ``class_logits`` [N, classes], or None from a D that reads no class."""

    logits: Tensor
    class_logits: Tensor | None

    def float(self) -> DiscriminatorOutput:
        """Return the verdict in float32, for losses after a pass in lower precision."""
        return DiscriminatorOutput(
            self.logits.float(), None if self.class_logits is None else self.class_logits.float()
        )

    def split(self, count: int) -> tuple[DiscriminatorOutput, DiscriminatorOutput]:
        """Return the verdicts on the first ``count`` images and on the others."""
        first, rest = slice(count), slice(count, None)
        classes = self.class_logits
        return (
            DiscriminatorOutput(self.logits[first], None if classes is None else classes[first]),
            DiscriminatorOutput(self.logits[rest], None if classes is None else classes[rest]),
        )
