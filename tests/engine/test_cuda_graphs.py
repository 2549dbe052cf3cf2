"""Steps that are recorded and played back, beside steps that are taken one by one."""

import warnings

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from engine import recipes
from engine.config.fast_paths import honors
from engine.datasets import catalog
from engine.datasets.batches import Batches
from engine.device import StepLimiter
from engine.recipes.working import WORKING
from engine.training.cuda_graphs import CudaGraphRunner, CudaGraphs
from engine.training.gan import GAN
from engine.training.train_step import StepInfo
from tests import tiny

pytestmark = pytest.mark.usefixtures("plain_kernels")

STEPS = 24


class PlayedByProgram:
    """Records as a GPU does, in so far as what is played back is the very work that was recorded, with its inputs."""

    def __init__(self):
        self.rehearsed = self.recorded = self.played = 0

    def warm_up(self, work):
        self.rehearsed += 1
        return work()

    def capture(self, work):
        self.recorded += 1
        result = torch.empty(7)

        def play():
            self.played += 1
            result.copy_(work())

        return play, result


def train(gan, config, device="cpu", steps=STEPS, first=0, data=None):
    batches = Batches(data or tiny.data(), config.seed, torch.device(device), config.data_range)
    size = config.batch_size
    reports = []
    for n in range(first, first + steps):
        position = n * size * config.d_steps
        lessons = [batches.get_batch(position + k * size, size) for k in range(config.d_steps)]
        moment = StepInfo(n, position + size * config.d_steps, n / 100, 1 - n / 100)
        reports.append(gan.step(config, moment, lessons))
    return torch.stack(reports).cpu()


def weights(gan):
    return torch.cat([p.detach().flatten() for p in (*gan.generator.parameters(), *gan.discriminator.parameters())])


def pair(config):
    """Two equal duels: one that plays back, with what it plays from, and one that takes every step."""
    recorded, stepped = (GAN(config, tiny.data().facts, torch.device("cpu")) for _ in range(2))
    graphs = PlayedByProgram()
    recorded.take_step = CudaGraphRunner(recorded.plain_step, graphs).step
    return recorded, stepped, graphs


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"r1_gamma": 0, "d_steps": 2, "g_steps": 2, "g_batch_source": "new"},
        {"update_order": "simultaneous", "augment": "translation,cutout,color"},
        {"architecture": "dcgan-fashion", "eval_opponent": True, "g_batch_source": "new"},
        {"architecture": "mlp", "output": "none", "g_batch_source": "new", "r1_gamma": 0},
        {"loss": "wgan_gp", "r1_gamma": 0},
        {"architecture": "dcgan-3-8", "r1_gamma": 0, "training_mode": False, "adam_epsilon": 1e-3},
    ],
    ids=lambda values: " ".join(values) or "studio",
)
def test_what_is_played_back_is_what_would_have_been_done(values):
    config = tiny.config(**values)
    recorded, stepped, graphs = pair(config)
    assert torch.equal(train(recorded, config), train(stepped, config))  # although the learning rates fall
    assert torch.equal(weights(recorded), weights(stepped))
    kinds = 2 if config.r1_gamma else 1
    assert graphs.recorded == 1 and graphs.played > STEPS // 2
    assert graphs.rehearsed + graphs.played == STEPS and graphs.rehearsed <= 3 * kinds


def test_steps_with_the_penalty_are_recorded_apart():
    config = tiny.config(r1_interval=2)
    recorded, stepped, graphs = pair(config)
    assert torch.equal(train(recorded, config), train(stepped, config))
    assert (graphs.rehearsed, graphs.recorded) == (6, 2)


@pytest.mark.parametrize("values", [{"instance_noise": 0.1}, {"d_skip_loss": 0.5}, {"architecture": "progressive"}])
def test_a_step_of_which_more_changes_is_never_recorded(values):
    config = tiny.config(**values)
    recorded, stepped, graphs = pair(config)
    assert torch.equal(train(recorded, config), train(stepped, config))
    assert graphs.rehearsed == graphs.recorded == 0


def test_new_options_are_recorded_anew():
    config = tiny.config(r1_gamma=0)
    recorded, stepped, graphs = pair(config)
    for gan in (recorded, stepped):
        train(gan, config, steps=6)
        train(gan, config.changed(loss="hinge"), steps=6, first=6)
    assert graphs.recorded == 2
    assert torch.equal(weights(recorded), weights(stepped))


def test_a_device_that_will_not_record_takes_every_step():
    config = tiny.config(r1_gamma=0)
    recorded, stepped, graphs = pair(config)

    def refuse(work):
        raise RuntimeError("operation not permitted when stream is capturing")

    graphs.capture = refuse
    with pytest.warns(RuntimeWarning, match="not captured: operation not permitted") as told:
        reports = train(recorded, config)
    assert len(told) == 1
    assert torch.equal(reports, train(stepped, config))


class NoNumberAsked(TorchDispatchMode):
    """Refuses what makes the program wait for a number from the device, which no recording survives."""

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        assert function is not torch.ops.aten._local_scalar_dense.default, "a step asks the device for a number"
        return function(*args, **(kwargs or {}))


@pytest.mark.parametrize("name", [entry.name for entry in WORKING])
def test_a_step_that_is_recorded_asks_the_device_for_no_number(name):
    config = recipes.recipe(name).config(dataset="digits", classes=(), device="cpu", batch_size=2)
    gan = GAN(config, tiny.data().facts, torch.device("cpu"))
    gan.take_step = CudaGraphRunner(gan.plain_step, PlayedByProgram()).step
    if not honors("cuda_graph", config):
        pytest.skip("is never recorded")
    gan.step = _guarded(gan.step)
    train(gan, config, steps=5)


def _guarded(step):
    def guarded(*arguments):
        with NoNumberAsked():
            return step(*arguments)

    return guarded


def test_no_memory_for_a_recording_is_no_refusal():
    config = tiny.config(r1_gamma=0)
    recorded, _, graphs = pair(config)

    def run_out(work):
        raise torch.OutOfMemoryError("CUDA out of memory")

    graphs.capture = run_out
    with pytest.raises(torch.OutOfMemoryError):
        train(recorded, config)


def test_on_a_cpu_the_program_keeps_pace_by_itself():
    pace = StepLimiter(torch.device("cpu"))
    for _ in range(10):
        pace.step()


# --- on a GPU

gpu = pytest.mark.gpu
needs_gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")


@gpu
@needs_gpu
@pytest.mark.filterwarnings("ignore:.*deterministic")
@pytest.mark.parametrize("name", [entry.name for entry in WORKING])
def test_a_gpu_plays_back_what_it_would_have_done(name, exact):
    config = on_gpu(name, precision="float32")
    data = catalog.load(config)
    recorded, stepped = (GAN(config, data.facts, torch.device("cuda")) for _ in range(2))
    stepped.take_step = stepped.plain_step
    chance = torch.cuda.get_rng_state()
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        reports = train(recorded, config, "cuda", data=data)
    torch.cuda.set_rng_state(chance)  # dropout's
    wanted = train(stepped, config, "cuda", data=data)
    torch.testing.assert_close(reports, wanted, rtol=1e-2, atol=1e-3)


@pytest.fixture
def exact(monkeypatch):
    """The same numbers at every repetition: a training of steps soon parts by the rounding of the first."""
    monkeypatch.setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    monkeypatch.setattr(torch.backends.cudnn, "allow_tf32", False)
    torch.use_deterministic_algorithms(True, warn_only=True)
    yield
    torch.use_deterministic_algorithms(False)


def on_gpu(name, **values):
    known = recipes.recipe(name)
    data = {} if known.config().dataset == "faces" else {"dataset": "digits", "classes": ()}
    return known.config(device="cuda", **data, **values)


@gpu
@needs_gpu
@pytest.mark.parametrize("name", [entry.name for entry in WORKING])
def test_every_recipe_trains_in_bfloat16_on_a_gpu(name):
    config = on_gpu(name, precision="bfloat16")
    data = catalog.load(config)
    gan = GAN(config, data.facts, torch.device("cuda"))
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        assert train(gan, config, "cuda", data=data).isfinite().all()


@gpu
@needs_gpu
@pytest.mark.filterwarnings("ignore:.*deterministic")
def test_a_step_that_a_gpu_cannot_record_is_taken_as_ever(exact):
    config = on_gpu("dcgan-3-8", precision="float32")  # dropout draws from torch's own chance, too
    data = catalog.load(config)
    recorded, stepped = (GAN(config, data.facts, torch.device("cuda")) for _ in range(2))
    stepped.take_step = stepped.plain_step
    plain = recorded.plain_step

    def asking(*arguments):
        report = plain(*arguments)
        assert report[0].item() < 100  # the host waits for the device
        return report

    recorded.take_step = CudaGraphRunner(asking, CudaGraphs(recorded.random)).step
    state = torch.cuda.get_rng_state()
    with pytest.warns(RuntimeWarning, match="not captured"):
        reports = train(recorded, config, "cuda", data=data)
    torch.cuda.set_rng_state(state)
    wanted = train(stepped, config, "cuda", data=data)
    torch.testing.assert_close(reports[:8], wanted[:8], rtol=1e-2, atol=1e-3)


@gpu
@needs_gpu
def test_a_gpu_is_never_far_behind():
    pace = StepLimiter(torch.device("cuda"))
    for _ in range(20):
        torch.randn(1000, 1000, device="cuda") @ torch.randn(1000, 1000, device="cuda")
        pace.step()
    assert 0 < pace.behind <= 4
