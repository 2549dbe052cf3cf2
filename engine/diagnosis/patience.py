"""How long a healthy training needs before its pictures can be blamed for anything. Knows no signs."""

from __future__ import annotations

from engine.config import GROWING_FAMILIES
from engine.diagnosis.course import Course

# Steps after which a healthy training of each family draws recognisable and different pictures, with some to spare:
# measured on five seeds of each recipe on the embedded digits (``pytest -m slow`` repeats that no alarm is false).
_STEPS = {
    "shuffle": 150,
    "mlp": 11_000,
    "dcgan-3-8": 320,
    "dcgan-tutorial": 2_500,
    "dcgan-fashion": 1_250,
    "embedding": 1_200,
    "growing": 250,
    "multiscale": 200,
}


def patience(course: Course) -> int:
    """Return the images after which a training of this kind has taken shape; growing networks must be grown first."""
    config = course.config
    images = _STEPS[config.family] * config.batch_size * config.d_steps
    if config.family in GROWING_FAMILIES:
        total = config.total_images or config.epochs * course.facts.image_count
        images += max(int(config.growth_end * total) - course.began, 0)
    return images
