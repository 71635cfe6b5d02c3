"""The same seed gives the same answers on one core and on two."""

import json
import os
import subprocess
import sys

import pytest

ASK = """
import json, numpy as np
from palermo.hidden import CaptureTable, compare
from palermo.hidden.answer import Settings
made_up = CaptureTable(("A", "B", "C"), np.arange(1, 8), np.array([180, 120, 30, 90, 22, 15, 6]))
asked = ["stepwise_BCa", "bic_best", "bayesthresh"]
print(json.dumps(compare(made_up, asked, Settings(bootstrap=600, seed=7))))
"""


def _answers(cores):
    """The answers of a process that may use so many cores."""
    held = f"import os\nos.sched_setaffinity(0, {cores!r})\n"
    threads = {"NUMBA_NUM_THREADS": str(len(cores)), "OMP_NUM_THREADS": str(len(cores))}
    ran = subprocess.run(
        [sys.executable, "-c", held + ASK], capture_output=True, text=True, env={**os.environ, **threads}, check=True
    )
    return json.loads(ran.stdout)


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="only Linux lets a process choose its cores")
def test_cores_change_no_answer():
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        pytest.skip("this machine has one core")
    assert _answers(cores[:1]) == _answers(cores[:2])
