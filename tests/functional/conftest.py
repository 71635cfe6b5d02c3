"""The command line as a user has it: run in this process (fast) or in one of its own (signals, limits)."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from palermo.cli.app import main

# A made-up country of one list, and the columns of that list, which several files of tests write.
SETTINGS = """[account]
area = "DEU"
made_up = true
[[source]]
name = "police"
path = "cases.csv"
mapping = "mapping.toml"
"""
MAPPING = """[mapping]
name = "made-up"
table = "cases"
[fields.record_id]
column = "case"
[fields.year]
column = "year"
[fields.sex]
column = "sex"
[fields.age]
column = "age"
"""


@dataclass(frozen=True)
class Answer:
    """What a command said. ``code`` is the exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def words(self) -> str:
        """The error text on one line, whatever the width of the terminal."""
        return " ".join(self.err.split())


@pytest.fixture
def palermo(capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Run ``palermo`` with these arguments in this process."""

    def run(*arguments: object) -> Answer:
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main([str(argument) for argument in arguments])
        shown = capsys.readouterr()
        return Answer(int(left.value.code or 0), shown.out, shown.err)

    return run


def start(*arguments: object, **options: Any) -> "subprocess.Popen[str]":
    """Start ``palermo`` in a process of its own, one that hears Ctrl-C.

    A shell starts what runs in the background with SIGINT ignored, and children inherit that: tests of Ctrl-C would
    then fail for how the suite was started.
    """
    command = [sys.executable, "-m", "palermo", *(str(argument) for argument in arguments)]
    if os.name == "posix":
        options["preexec_fn"] = partial(hears_ctrl_c, options.pop("preexec_fn", None))
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)


def hears_ctrl_c(then: Callable[[], None] | None = None) -> None:
    """In a child, before it becomes ``palermo``: SIGINT as a terminal leaves it, then what the test asked for."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if then is not None:
        then()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small demo country with its account, made once. Tests must not change it."""
    folder = tmp_path_factory.mktemp("demo") / "country"
    with pytest.raises(SystemExit) as left:
        main(["demo", "--dir", str(folder), "--persons", "4000", "--draft", "--json"])
    assert left.value.code in (0, None)
    return folder
