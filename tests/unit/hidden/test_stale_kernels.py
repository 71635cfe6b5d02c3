"""Compiled code that an edited file may have made stale is forgotten before the tests, newer code is kept."""

import importlib.util
import os
from pathlib import Path

CONFTEST = Path(__file__).resolve().parents[2] / "conftest.py"


def _written(path: Path, text: str, age: int) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    os.utime(path, (age, age))
    return path


def test_only_what_is_older_than_the_newest_kernel_goes(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("conftest_of_all_tests", CONFTEST)
    assert spec is not None and spec.loader is not None
    conftest = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(conftest)
    _written(tmp_path / "kernel.py", "@njit(cache=True)\n", 1000)
    _written(tmp_path / "plain.py", "x = 1\n", 3000)
    old = _written(tmp_path / "__pycache__" / "old.nbi", "", 900)
    new = _written(tmp_path / "__pycache__" / "new.nbi", "", 1100)
    conftest.forget_stale_kernels(tmp_path)
    assert not old.exists()
    assert new.exists()
