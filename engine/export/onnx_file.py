"""A generator as ONNX, for whatever runs that: other languages, browsers, phones. Knows no run folder.

torch's exporter needs the package onnx, and nothing else here does; with onnxruntime the file is tried at once. Both
come with the extra ``onnx``.
"""

from __future__ import annotations

import importlib.util
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
import torch

from engine import files
from engine.datasets.info import DatasetInfo
from engine.errors import UserError
from engine.export.generator_module import PictureGenerator
from engine.export.tracing import ALONE
from engine.i18n import tr
from engine.job import Job, Progress
from engine.latent.generator_session import GeneratorSession
from engine.latent.sampling import label_cycle, random_z
from engine.points.refusals import insist_on_pictures

_OPSET = 17
_TRIED = 16
_STAGES = 3
_MOST_APART = 1e-4


class Onnx(NamedTuple):
    """The file that was written; ``apart`` (0 to 1) is by how much its pictures differ from ours, None if not tried."""

    path: Path
    apart: float | None


def is_available() -> bool:
    """Whether the package that writes ONNX is installed."""
    return importlib.util.find_spec("onnx") is not None


def save(session: GeneratorSession, facts: DatasetInfo, out: Path) -> Job[Progress, Onnx]:
    """Write the generator of ``session`` to ``out``; raises ``UserError`` where onnx is missing or cannot express it.

    What shall be written is tried first; closing the job before its end leaves nothing behind.

    Inputs are ``z`` float32 ``[N, z_dim]`` and, of a conditional generator, ``labels`` int64 ``[N]``, for any N; the
    output ``images`` is float32 ``[N, C, H, W]`` from 0 to 1.
    """
    insist_on_pictures(facts)
    if not is_available():
        raise UserError(
            tr("Writing ONNX needs the package onnx, which is not installed."),
            tr("Install it with “pip install onnx onnxruntime”, or export a script instead."),
        )
    yield Progress(0, _STAGES)
    module = PictureGenerator(session).eval()
    data = _described(_exported(module, session), session, facts)
    yield Progress(1, _STAGES)
    apart = _tried(module, session, data)
    yield Progress(2, _STAGES)
    files.write_atomically(out, data)
    return Onnx(out, apart)


def _inputs(session: GeneratorSession, count: int) -> dict[str, torch.Tensor]:
    inputs = {"z": torch.tensor(random_z(count, session.z_dim, 0))}
    if session.class_count:
        inputs["labels"] = torch.tensor(label_cycle(count, session.class_count))
    return inputs


def _exported(module: PictureGenerator, session: GeneratorSession) -> bytes:
    inputs = _inputs(session, 2)
    names = [*inputs, "images"]
    try:
        with ALONE, warnings.catch_warnings(), torch.no_grad(), TemporaryDirectory() as folder:
            path = Path(folder) / "generator.onnx"
            warnings.simplefilter("ignore")  # the exporter that needs onnx alone is called the older one
            torch.onnx.export(
                module,
                tuple(inputs.values()),
                path,
                input_names=list(inputs),
                output_names=["images"],
                dynamic_axes={name: {0: "N"} for name in names},
                opset_version=_OPSET,
                dynamo=False,
            )
            return path.read_bytes()
    except Exception as error:  # whatever a network does that ONNX has no word for
        raise UserError(
            tr("This generator cannot be written as ONNX: {reason}", reason=str(error).strip().split("\n")[0]),
            tr("Export a script instead."),
        ) from error


def _described(data: bytes, session: GeneratorSession, facts: DatasetInfo) -> bytes:
    """Say in the file what its numbers mean."""
    import onnx

    model = onnx.load_model_from_string(data)
    model.doc_string = "z: standard normal. images: 0 (black) to 1 (white)."
    said = {"z_dim": str(session.z_dim)}
    if session.class_count:
        model.doc_string += " labels: index of the class."
        said["classes"] = "\n".join(facts.class_names)
    onnx.helper.set_model_props(model, said)
    written: bytes = model.SerializeToString()
    return written


def _tried(module: PictureGenerator, session: GeneratorSession, data: bytes) -> float | None:
    """Return how far the pictures of onnxruntime are from ours; raises ``UserError`` where that is too far."""
    if importlib.util.find_spec("onnxruntime") is None:
        return None
    import onnxruntime

    inputs = _inputs(session, _TRIED)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    running = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    (images,) = running.run(["images"], {name: tensor.numpy() for name, tensor in inputs.items()})
    with torch.no_grad():
        apart = float(np.abs(images - module(**inputs).numpy()).max())
    if not apart <= _MOST_APART:
        raise UserError(
            tr("The pictures of the ONNX file differ from ours by {apart}.", apart=f"{apart:.2g}"),
            tr("Export a script instead, and tell the authors of Duelo."),
        )
    return apart
