"""What is put to the test, by which tests, and which faults change nothing that anybody could notice."""

from __future__ import annotations

from tests.mutations.check import imported
from tests.mutations.operators import ROOT, Mutant
from tests.mutations.swap import module_name

_CODE = (
    "engine/training/*.py",
    "engine/losses/*.py",
    "engine/evaluation/*.py",
    "engine/diagnosis/*.py",
    "studio/model/*.py",
    "studio/services/snapshot_selector.py",
)
_CODE += tuple(
    f"studio/widgets/{name}.py"
    for name in (
        "plots/curve_math",
        "tables/run_table_model",
        "pictures/picture_columns",
        "pictures/tile_layout",
    )
)
_LEFT_OUT = (
    "engine/training/cuda_graphs.py",
    "engine/losses/own.py",
    "engine/losses/spec.py",
    "engine/diagnosis/words.py",
    "engine/evaluation/troubles.py",
)
"""What needs a GPU, and sentences."""

_ENGINE = (
    "formulas plain_step judging training_parts manual_mlp reference_loops threads cuda_graphs nan_cure few_images"
)
_ENGINE += " few_images quality learning_judge evaluation sample_inspector diagnosis diagnosis_limits health latent"
_ENGINE += " judgment_limits newest_evidence cures optimizer stages"
_STUDIO = (
    "models snapshot_selector estimates loss_plot time_machine layout diagnosis health_panel sample_panel foreign_text"
)
_STUDIO += " training_service cures_by_click curve_math epoch_strip examiner loss_plot_room mean_curve"
_STUDIO += " sample_selection sample_words sample_view run_table trouble_spans troubles_of_runs"
"""The files of tests that concern this code, beside those that import it."""
_EVERYWHERE = ("studio.model.work_state", "studio.model.snapshot")


def targets() -> list[str]:
    """Return the modules that faults are put into."""
    found = {path for pattern in _CODE for path in ROOT.glob(pattern)}
    names = sorted(str(path.relative_to(ROOT)) for path in found if path.name != "__init__.py")
    return [name for name in names if name not in _LEFT_OUT]


def files_of_tests() -> list[str]:
    """Return the files whose tests should notice: those named here, and those that import what is put to the test."""
    rooms = {"engine": _ENGINE, "studio": _STUDIO}
    named = {f"tests/{room}/test_{name}.py" for room, names in rooms.items() for name in names.split()}
    modules = {module_name(path) for path in targets()}.difference(_EVERYWHERE)
    files = {str(path.relative_to(ROOT)) for path in ROOT.glob("tests/*/test_*.py")}
    return sorted(named | {file for file in files if modules & imported(file)})


_AT_ONCE = "how much is computed at once"
_GIVEN = "the default is never taken"
_EXACT = "no number is exactly at this limit: a tenth has more digits than the difference of two shares"

EQUIVALENT: dict[tuple[str, str, str], str] = {
    (
        "engine/diagnosis/detectors.py",
        "no_learning",
        "max(abs(real - 0.5), abs(fake - 0.5)) > near → max(abs(real - 0.5), abs(fake - 0.5)) >= near",
    ): _EXACT,
    ("engine/diagnosis/curves.py", "RunCurves", "0 → 1"): _GIVEN,
    (
        "engine/diagnosis/detectors.py",
        "no_learning",
        "np.abs(curves.d_real - 0.5) < near → np.abs(curves.d_real - 0.5) <= near",
    ): _EXACT,
    (
        "engine/diagnosis/detectors.py",
        "no_learning",
        "np.abs(curves.d_fake - 0.5) < near → np.abs(curves.d_fake - 0.5) <= near",
    ): _EXACT,
    ("engine/diagnosis/trends.py", "worsening", "0.0 → 1.0"): "without judgments nothing is told",
    ("engine/evaluation/judge.py", "_CHUNK_PIXELS", "100 → 101"): _AT_ONCE,
    ("engine/evaluation/judge_store.py", "_PROBED", "16 → 17"): "one more of the pictures that it must be able to read",
    ("engine/evaluation/nearest_real.py", "_CHUNK_PIXELS", "19 → 20"): _AT_ONCE,
    ("engine/evaluation/neighbors.py", "_ROWS", "512 → 513"): _AT_ONCE,
    (
        "engine/training/threads.py",
        "ThreadCount._wanted",
        "(fewer := self._left(min(recent), _TAKEN)) < self.threads → "
        "(fewer := self._left(min(recent), _TAKEN)) <= self.threads",
    ): "all looks never bear more than the last ones leave",
    ("engine/losses/augment.py", "_translation", "2 → 3"): "numbers are drawn that nobody uses",
    (
        "engine/training/manual_mlp.py",
        "ManualMLPStep.stages",
        "logits * sides → logits / sides",
    ): "by 1 or -1",
    (
        "engine/training/manual_mlp.py",
        "_Stack.__init__",
        "matmul_context if layer.weight.numel() >= _LARGE else _ALIKE → "
        "_ALIKE if layer.weight.numel() >= _LARGE else matmul_context",
    ): "one of two libraries multiplies: only the speed differs",
    (
        "engine/training/adam.py",
        "Adam.step",
        "torch.stack(torch._foreach_norm(gradients)).sum → torch.stack(torch._foreach_norm(gradients)).mean",
    ): "it only matters whether it is finite",
    ("engine/training/adam.py", "Adam.__init__", "0 → 1"): "one device holds all parameters of a network",
    ("engine/training/realism.py", "_CHUNK", "256 → 257"): _AT_ONCE,
    ("engine/evaluation/judge_store.py", "_fingerprint", "32 → 33"): "a name of any length is as good",
    ("studio/model/run_data.py", "RunData", "False → True"): "whether its lists stand in what a debugger prints",
    ("studio/widgets/plots/curve_math.py", "SmoothedTable.append", "1.0 → 2.0"): "what all rows weigh alike cancels",
    ("studio/widgets/plots/curve_math.py", "SmoothedTable._average", "0.0 → 1.0"): "times a weight of 0",
    (
        "studio/widgets/plots/curve_math.py",
        "SmoothedTable._note_gaps",
        "1 → 2",
    ): "one row more is looked at, and not told",
}
"""Module, function and change of faults that are none, each with the reason."""


def is_equivalent(mutant: Mutant) -> bool:
    """Whether nobody could notice ``mutant``."""
    return (mutant.path, mutant.where or mutant.name, mutant.change) in EQUIVALENT
