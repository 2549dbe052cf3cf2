"""Real processes: killed with kill -9 at any moment, or two that train one run together."""

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from engine import cli
from engine.runs import RunFolder
from tests.engine.forked import Forked
from tests.engine.trained import rows_without_seconds, states_equal, verdicts_equal

ROOT = Path(__file__).resolve().parents[2]

KILLED = {
    "studio": [],
    "mlp": ["architecture=mlp", "output=none", "g_batch_source=new", "r1_gamma=0", "ema_halflife_kimg=0"],
    "fashion": ["architecture=dcgan-fashion", "eval_opponent=true", "g_batch_source=new"],
    "growing": ["architecture=progressive", "g_channels=8", "d_channels=8"],
}


@pytest.mark.parametrize("name", ["studio", "fashion"])
def test_kill_9_and_resume_is_exact(tmp_path, name):
    kill_and_compare(tmp_path, [*KILLED[name], "eval_time_percent=0"], seed=0)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 15))
@pytest.mark.parametrize("name", KILLED)
def test_kill_9_at_random_moments_and_resume_is_exact(tmp_path, name, seed):
    kill_and_compare(tmp_path, KILLED[name], seed=seed)


def kill_and_compare(tmp_path, assignments, seed):
    """A real process, killed for real at a random moment and gone on from here, against a training left alone.

    On some of two embedded digits. What dies must be a process; what is left alone, and what goes on, need not be.
    """
    small = ["threads=1", "g_channels=4", "d_channels=4", "batch_size=50", "max_images=400", *assignments]
    options = [*(f"--set={setting}" for setting in small), "--epochs=3", "--device=cpu", "--classes=3,8"]
    whole, killed = RunFolder(tmp_path / "whole"), RunFolder(tmp_path / "killed")
    train(*options, "--run", whole.path)
    moment = random.Random(f"{seed} {assignments}").uniform(0, whole.metrics()[-1].images_seen)
    with open(os.devnull, "w") as nowhere:
        said = {"stdout": nowhere.fileno(), "stderr": nowhere.fileno()}
        process = Forked(["train", *options, "--run", killed.path], **said)
    while process.poll() is None and (not killed.exists() or images_written(killed) < moment):
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    train("--resume", "--run", killed.path)
    assert states_equal(whole, killed)
    assert rows_without_seconds(whole) == rows_without_seconds(killed)
    assert verdicts_equal(whole, killed)


def train(*arguments):
    assert cli.main(["train", *map(str, arguments)]) == 0


def images_written(folder):
    rows = folder.metrics()
    return rows[-1].images_seen if rows else 0


def launch(options):
    """Begin both processes with what ``torchrun`` tells them."""
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        shared = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(place.getsockname()[1]), "WORLD_SIZE": "2"}
    ranks = ({"RANK": number, "LOCAL_RANK": number} for number in "01")
    processes = [Forked(["train", *options], environment=shared | rank) for rank in ranks]
    try:
        assert [process.wait() for process in processes] == [0, 0]
    finally:
        for process in processes:
            process.kill()


def torchrun(options):
    launcher = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", "--"]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    command = [*launcher, str(ROOT / "main.py"), "train", *options]
    subprocess.run(command, env=environment, check=True, capture_output=True)


@pytest.mark.parametrize("begin", [launch, pytest.param(torchrun, marks=pytest.mark.slow)])
def test_two_processes_with_half_the_batch_each_have_the_losses_of_one(tmp_path, begin):
    """Weights that hardly move keep rounding from growing: Adam makes a whole step of the smallest difference."""
    values = {"threads": 1, "g_channels": 8, "d_channels": 8, "batch_size": 40, "total_images": 200, "log_every": 1}
    exact = {"precision": "float32", "g_lr": 1e-7, "d_lr": 1e-7, "g_beta1": 0.5, "d_beta1": 0.5, "eval_time_percent": 0}
    options = [*(f"--set={name}={value}" for name, value in (values | exact).items()), "--device=cpu"]
    one, two = RunFolder(tmp_path / "one"), RunFolder(tmp_path / "two")
    train(*options, "--run", one.path)
    begin([*options, "--run", str(two.path)])
    ours, theirs = (np.array(rows_without_seconds(folder)) for folder in (one, two))
    assert len(ours) == 5
    assert np.allclose(ours, theirs, rtol=1e-4)
    for player in ("g_optimiser", "d_optimiser"):  # what each has learned from the gradients, as one vector
        mine, yours = (_flat(folder.state()[0], player, "exp_avg") for folder in (one, two))
        assert np.linalg.norm(mine - yours) < 1e-3 * np.linalg.norm(mine) and mine.size > 100


def _flat(arrays, player, name):
    found = sorted(key for key in arrays if key.startswith(player) and key.endswith(f".{name}"))
    return np.concatenate([arrays[key].ravel() for key in found])


FIRST_STEP = """
import sys
from pathlib import Path
import torch
from engine.events import Tick
from engine.recipes import recipe
from engine.runs import RunFolder
from engine.style.optimizers import mover_of
from engine.trainer import Trainer
from tests.engine.inspected import Z, examiner
training = Trainer(recipe("studio").config(threads=1), RunFolder(Path(sys.argv[1]))).run()
next(event for event in training if isinstance(event, Tick) and event.step)
training.close()
pixels = torch.zeros(1, 3, 4, 4, requires_grad=True)
pixels.sum().backward()
mover_of("adam", pixels, 0.1).step(torch.zeros(()), 0.0)
assert examiner().inspect(Z[0], 3).updates
print("torch._dynamo" in sys.modules)
"""


def test_neither_training_with_a_judge_nor_painting_nor_a_close_look_waits_for_torch_s_compiler(tmp_path):
    """Which takes a second to import, and is, by a few operations on the device "meta"."""
    command = [sys.executable, "-c", FIRST_STEP, str(tmp_path / "run")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
