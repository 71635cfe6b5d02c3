"""``palermo release tables``: rows of made-up persons in, tables protected by each method out."""

import csv
import json

import numpy as np
import pytest
from typer.testing import CliRunner

from palermo.cli.app import app
from palermo.errors import UsageError

WORDS = """
[dimensions.country]
codes = ["FRA", "DEU", "MLI", "NGA"]
groups = {EUR = ["FRA", "DEU"], AFR = ["MLI", "NGA"]}
[dimensions.sex]
codes = ["F", "M", "_U"]
[[tables]]
dimensions = ["country", "sex"]
"""


@pytest.fixture
def files(tmp_path):
    draws = np.random.default_rng(1)
    with (tmp_path / "persons.csv").open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(["person", "country", "sex"])
        for n in range(150):
            country = draws.choice(["FRA", "DEU", "MLI", "NGA"], p=[0.5, 0.4, 0.07, 0.03])
            writer.writerow([f"made-up-{n}", country, draws.choice(["F", "M", ""], p=[0.7, 0.25, 0.05])])
    (tmp_path / "tables.toml").write_text(WORDS, encoding="utf-8")
    return tmp_path


def _run(files, *more, out="out"):
    asked = ["release", "tables", str(files / "persons.csv"), "--spec", str(files / "tables.toml")]
    return CliRunner().invoke(app, [*asked, "--out", str(files / out), *more])


def _rows(files, out="out"):
    with (files / out / "country_sex.csv").open(encoding="utf-8", newline="") as opened:
        return {(row["country"], row["sex"]): row for row in csv.DictReader(opened)}


@pytest.mark.parametrize(
    ("method", "more"),
    [
        ("round", ["--base", "5"]),
        ("cell_key", ["--person", "person", "--key-file", "secret.key"]),
        ("private", ["--epsilon", "1"]),
    ],
)
def test_each_method_writes_tables_and_a_statement(files, method, more):
    more = [str(files / word) if word == "secret.key" else word for word in more]
    done = _run(files, "--method", method, *more, "--json")
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert said["method"] == method
    assert json.loads((files / "out" / "statement.json").read_text(encoding="utf-8"))["statement"] == said["statement"]
    rows = _rows(files)
    assert len(rows) == 7 * 4
    assert {row["done"] for row in rows.values() if "done" in row} <= {
        "exact", "rounded", "sum_of_rounded", "perturbed", "noised",
    }  # fmt: skip
    if method in {"round", "private"}:
        assert int(rows["_T", "_T"]["value"]) == sum(int(rows[one, "_T"]["value"]) for one in ("EUR", "AFR"))


def test_the_key_is_made_once_kept_secret_and_gives_the_same_noise(files):
    key = files / "secret.key"
    asked = ("--method", "cell_key", "--person", "person", "--key-file", str(key))
    for out in ("first", "second"):
        assert _run(files, *asked, out=out).exit_code == 0
    assert key.stat().st_mode & 0o077 == 0
    assert _rows(files, "first") == _rows(files, "second")
    secret = key.read_text(encoding="ascii").strip()
    assert not any(secret in path.read_text(encoding="utf-8") for path in (files / "first").iterdir())
    inside = ("--method", "cell_key", "--person", "person", "--key-file", str(files / "out" / "secret.key"))
    refused = _run(files, *inside)
    assert isinstance(refused.exception, UsageError)
    assert "would be published" in str(refused.exception)


@pytest.mark.parametrize(
    ("content", "mode", "code", "words"), [("x" * 64, 0o644, 3, "chmod 600"), ("\n", 0o600, 2, "too short")]
)
def test_a_key_that_is_none_or_open_is_refused(palermo, files, content, mode, code, words):
    key = files / "secret.key"
    key.write_text(content, encoding="ascii")
    key.chmod(mode)
    asked = ("--method", "cell_key", "--person", "person", "--key-file", key, "--out", files / "out")
    answer = palermo("release", "tables", files / "persons.csv", "--spec", files / "tables.toml", *asked)
    assert answer.code == code
    assert words in answer.words


def test_private_tables_can_be_listed_in_the_ledger(files):
    assert _run(files, "--method", "private", "--epsilon", "1").exit_code == 0
    manifest = json.loads((files / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["files"]) == {path.name for path in (files / "out").iterdir()} - {"manifest.json"}
    assert json.loads((files / "out" / "parameters.json").read_text(encoding="utf-8"))["rho"] == 0.5


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--method", "private"], "give --epsilon"),
        (["--method", "private", "--epsilon", "1000"], "at most 20"),
        (["--method", "cell_key", "--person", "person"], "--key-file"),
        (["--method", "round", "--base", "3"], "k is 5"),
    ],
)
def test_what_is_missing_is_named(files, more, words):
    done = _run(files, *more)
    assert isinstance(done.exception, UsageError)
    assert words in str(done.exception)
