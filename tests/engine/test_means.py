"""The long comparison of ways to train goes on where it was stopped, each way bit for bit."""

import pytest
import torch

from engine.datasets import digits
from engine.datasets.catalog import ImageData
from engine.recipes import recipe
from tests.engine.means import WAYS, train_epoch

STEPS = 2
SMALL = {"batch_size": 8, "g_channels": 4, "d_channels": 4}  # what is kept does not depend on the width
CPU = torch.device("cpu")


@pytest.mark.parametrize("way", WAYS)
def test_a_way_stopped_after_an_epoch_goes_on_as_if_it_never_had_been(way, tmp_path):
    images, labels = digits.load()
    config = recipe("dcgan-fashion").config(dataset="digits", device="cpu", seed=1, **SMALL)
    data = ImageData(images[: STEPS * 8, None], labels[: STEPS * 8], tuple("0123456789"))
    folders = tmp_path / "in two goes", tmp_path / "in one"
    for folder in folders:
        folder.mkdir()
    assert train_epoch(way, config, data, CPU, folders[0], 1)["epoch"] == 1
    told = train_epoch(way, config, data, CPU, folders[0], 2)
    assert train_epoch(way, config, data, CPU, folders[0], 2) is None, "done already"
    assert train_epoch(way, config, data, CPU, folders[1], 2)["d_mean"] == told["d_mean"] > 0
    kept, expected = (torch.load(folder / f"{way}-1.pt")["total"] for folder in folders)
    assert torch.equal(kept, expected), "every bit of the losses after the stop"
