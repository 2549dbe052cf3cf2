"""How long a healthy training needs before its pictures can be blamed for anything. Knows no detector."""

from __future__ import annotations

from engine.architectures import ARCHITECTURES
from engine.diagnosis.curves import RunCurves


def grace_period(curves: RunCurves) -> int:
    """Return the images after which a training of this kind has taken shape; growing networks must be grown first."""
    config = curves.config
    architecture = ARCHITECTURES[config.architecture]
    images = architecture.grace_steps * config.batch_size * config.d_steps
    if architecture.is_progressive:
        total = config.total_images or config.epochs * curves.facts.image_count
        images += max(int(config.growth_end * total) - curves.began, 0)
    return images
