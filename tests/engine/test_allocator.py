"""Memory that a step gives back serves the next one."""

import platform
import subprocess
import sys
from pathlib import Path

import pytest

STEPS = """
import resource
import numpy as np
from engine import allocator
{prepare}
def step():
    layers = [np.ones(375_000) for _ in range(6)]  # 3 MB each, as of a batch of feature maps
step()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(10):
    step()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def printed(program, *arguments):
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", program, *arguments]
    return int(subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout)


def pages_fetched(prepare):
    return printed(STEPS.format(prepare=prepare))


IN_A_THREAD = """
import resource, threading
import numpy as np
from engine import allocator
{prepare}
found = []
def train():
    held = [np.ones(375_000) for _ in range(19)]  # a heap of 64 MB has little room left: a step begins another one
    def step():
        layers = [np.ones(375_000) for _ in range(6)]
    step()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(10):
        step()
    found.append(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
thread = threading.Thread(target=train)
thread.start()
thread.join()
print(found[0])
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc can be told")
def test_a_step_works_in_the_memory_of_the_one_before():
    pages_a_step = 6 * 3_000_000 / 4096
    assert pages_fetched("pass") > 5 * pages_a_step  # of ten
    assert pages_fetched("allocator.keep_memory()") < pages_a_step / 10


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc can be told")
def test_a_step_in_a_thread_does_so_where_it_needs_another_heap():
    pages_a_step = 6 * 3_000_000 / 4096
    assert printed(IN_A_THREAD.format(prepare="allocator.keep_memory()")) < pages_a_step / 10


GIVEN_BACK = """
import numpy as np
import psutil
from engine import allocator
allocator.keep_memory()
held = [np.ones(375_000) for _ in range(60)]
del held
kept = psutil.Process().memory_info().rss
allocator.give_back()
print(kept - psutil.Process().memory_info().rss)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc can be told")
def test_what_a_training_needed_goes_back_when_asked_for():
    assert printed(GIVEN_BACK) > 0.9 * 60 * 3_000_000


ARENAS = """
import ctypes, sys, threading
from engine import allocator
{prepare}
meet = threading.Barrier(6)
threads = [threading.Thread(target=lambda: (meet.wait(), bytearray(100_000))) for _ in range(6)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
library = ctypes.CDLL(None)
library.fopen.restype = ctypes.c_void_p
told = library.fopen(sys.argv[1].encode(), b"w")
library.malloc_info(0, ctypes.c_void_p(told))
library.fclose(ctypes.c_void_p(told))
print(open(sys.argv[1]).read().count("<heap nr="))
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc can be told")
def test_all_threads_share_two_arenas(tmp_path):
    told = str(tmp_path / "arenas")
    assert printed(ARENAS.format(prepare="pass"), told) > 2
    assert printed(ARENAS.format(prepare="allocator.share_arenas()"), told) <= 2
