"""How long a healthy training needs before its pictures can be blamed for anything. Knows no signs."""

from __future__ import annotations

from engine.architectures import ARCHITECTURES
from engine.diagnosis.curves import Course


def patience(course: Course) -> int:
    """Return the images after which a training of this kind has taken shape; growing networks must be grown first."""
    config = course.config
    architecture = ARCHITECTURES[config.architecture]
    images = architecture.grace_steps * config.batch_size * config.d_steps
    if architecture.is_progressive:
        total = config.total_images or config.epochs * course.facts.image_count
        images += max(int(config.growth_end * total) - course.began, 0)
    return images
