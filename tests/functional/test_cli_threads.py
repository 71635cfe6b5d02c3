"""Linear algebra runs on one thread, unless the user says otherwise: matrices here are tiny."""

import os
import subprocess
import sys

import pytest

ASKED = """
import os, sys
from palermo.cli.app import main
assert "numpy" not in sys.modules, "numpy reads the number of threads before main can set it"
try:
    main(["--version"])
finally:
    print("threads", os.environ["OPENBLAS_NUM_THREADS"])
"""


@pytest.mark.parametrize(("given", "expected"), [(None, "1"), ("2", "2")])
def test_one_thread_unless_the_user_says_otherwise(given: str | None, expected: str) -> None:
    kept = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    environment = kept if given is None else {**kept, "OPENBLAS_NUM_THREADS": given}
    found = subprocess.run(
        [sys.executable, "-c", ASKED], capture_output=True, text=True, env=environment, timeout=60, check=False
    )
    assert f"threads {expected}" in found.stdout, found.stderr
