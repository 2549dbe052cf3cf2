"""How what was found out about a sample is told: in words, and as heat."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QColor

from studio import saliency
from studio.model.sample import Sample
from studio.text import sample as sample_words
from tests.studio.samples import DIGITS

# Words


@pytest.mark.parametrize(
    ("distance", "usual", "words"),
    [
        (0.01, 0.2, "A copy, learned by heart. It differs from its nearest training image by 1.0%;"),
        (0.1, 0.2, "but no copy."),
        (0.19, 0.2, "No copy. It differs from its nearest training image by 19.0%; real images differ from theirs by"),
        (0.0, 0.2, "A copy"),
        (0.1, None, "It differs from its nearest training image by 10.0%."),
        (0.0, 0.0, "No copy."),
    ],
)
def test_whether_it_is_a_copy_is_told_in_words(distance, usual, words):
    assert words in sample_words.copy_words(distance, usual)


def test_nothing_is_said_of_what_is_not_known():
    assert sample_words.copy_words(None, None) == sample_words.verdict_words(None) == ""
    assert sample_words.reading_words(None, 3, DIGITS) == sample_words.neighbor_words(None, None, DIGITS) == ""
    assert sample_words.reading_words((12, 0.5), 3, DIGITS) == ""


def test_the_judge_says_whether_it_reads_what_was_asked_for():
    assert sample_words.reading_words((4, 0.991), 4, DIGITS) == "The judge reads “4” (99.1% sure), as asked."
    assert sample_words.reading_words((9, 0.6), 4, DIGITS).endswith("but “4” was asked for.")
    assert sample_words.reading_words((9, 0.6), -1, DIGITS) == "The judge reads “9” (60.0% sure)."
    assert (
        sample_words.reading_words((2, 0.3), -1, ("3", "8", "9")) == "The judge reads none of the classes of this run."
    )


def test_samples_and_neighbors_are_named():
    sample = Sample(1200, 13, np.zeros((8, 8), np.uint8), 3)
    assert sample_words.heading(sample, DIGITS) == "Sample 14 · asked for “3” · epoch 1,200"
    assert sample_words.heading(replace(sample, label=-1), ()) == "Sample 14 · epoch 1,200"
    assert sample_words.neighbor_words(3, 1974, DIGITS) == "“3” · image 1,975"
    assert sample_words.neighbor_words(-1, 0, ()) == "image 1"


# The heat map


def test_heat_is_yellow_or_violet_and_nothing_of_it_is_the_pale_picture():
    image = np.array([[0, 255, 0, 255]], np.uint8)
    painted = saliency.saliency_picture(image, np.array([[1, -1, 0, 0]], np.float32))
    assert tuple(painted[0, 0]) == saliency.BRIGHTER and tuple(painted[0, 1]) == saliency.DARKER
    black, white = painted[0, 2:]
    assert len(set(black.tolist())) == 1 and black[0] < white[0]
    lightness = [
        QColor(*color).lightness() for color in (saliency.DARKER, tuple(black), tuple(white), saliency.BRIGHTER)
    ]
    assert lightness[0] < lightness[1] < lightness[2] and lightness[3] > lightness[1]


def test_heat_over_a_color_picture_keeps_its_shape():
    image = np.zeros((5, 4, 3), np.uint8)
    assert saliency.saliency_picture(image, np.full((5, 4), np.float32(-0.5))).shape == (5, 4, 3)
