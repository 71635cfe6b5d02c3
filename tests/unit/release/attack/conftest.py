"""Made-up files for the attacker: rows, packs, plain tables; all of them sound until something is planted."""

import csv
import json
from itertools import product

import numpy as np
import pytest

from palermo.provenance import file_sha256
from palermo.release.attack.suite import Against, attack
from palermo.release.synthetic.pack import write_pack
from palermo.release.synthetic.reading import ReadOptions, read_file
from palermo.release.synthetic.settings import SynthesisSettings
from palermo.release.synthetic.synthesise import synthesise

COLUMNS = {
    "period": ("2019", "2020", "2021", "2022"),
    "sex": ("F", "M"),
    "band": ("a", "b", "c", "d", "e"),
    "origin": tuple(f"X{n:02d}" for n in range(24)),
    "form": ("one", "two", "three", "four", "five", "six"),
    "means": tuple(f"m{n}" for n in range(8)),
}


def made_up_rows(persons, seed):
    """Made-up persons with skewed values, one dictionary each."""
    draws = np.random.default_rng(seed)
    columns = {}
    for name, codes in COLUMNS.items():
        shares = 1.0 / np.arange(1, len(codes) + 1)
        columns[name] = draws.choice(codes, persons, p=shares / shares.sum())
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def write_csv(path, rows):
    """Rows as a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def make_pack(source, out, **asked):
    """A pack as `palermo synth` makes it. Seeded, so that tests can be repeated; the mark of that is taken off."""
    reading = read_file(source, ReadOptions(codes=dict(COLUMNS)))
    settings = SynthesisSettings(**{"epsilon": 2.0, "delta": 1e-7, "length": 3, "seed": 7, **asked})
    write_pack(reading, synthesise(reading.data, settings), out)
    change_json(out / "parameters.json", private=True)
    files = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["files"]
    change_json(out / "manifest.json", files={name: file_sha256(out / name) for name in files})
    return out


def change_json(path, **changed):
    """Other values in a JSON file."""
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), **changed}), encoding="utf-8")


def plain_table(changes=()):
    """A made-up table of two areas by sex and age with all totals; ``changes`` are other texts for some cells."""
    counts = {("XXA", "F", "Y0T17"): 21, ("XXA", "F", "Y_GE18"): 40, ("XXA", "M", "Y0T17"): 13,
              ("XXA", "M", "Y_GE18"): 26, ("XXB", "F", "Y0T17"): 9, ("XXB", "F", "Y_GE18"): 33,
              ("XXB", "M", "Y0T17"): 17, ("XXB", "M", "Y_GE18"): 11}  # fmt: skip
    rows = []
    for codes in product(("XXA", "XXB", "_T"), ("F", "M", "_T"), ("Y0T17", "Y_GE18", "_T")):
        value = sum(n for key, n in counts.items() if all(c in {k, "_T"} for c, k in zip(codes, key, strict=True)))
        shown = dict(changes).get(codes, value)
        rows.append(dict(zip(("area", "sex", "age"), codes, strict=True)) | {"value": shown})
    return rows


@pytest.fixture(scope="session")
def true_rows(tmp_path_factory):
    """Rows of made-up persons, and as many that no pack has seen."""
    folder = tmp_path_factory.mktemp("true")
    return tuple(write_csv(folder / f"{seed}.csv", made_up_rows(2500, seed)) for seed in (1, 2))


@pytest.fixture(scope="session")
def pack(true_rows, tmp_path_factory):
    """A sound pack of them. Tests must not change it."""
    return make_pack(true_rows[0], tmp_path_factory.mktemp("pack") / "open-data")


@pytest.fixture
def attacked():
    """Attacks; returns the report."""

    def run(*paths, **against):
        return attack(paths, Against(**{"runs": 100, **against}))

    return run


@pytest.fixture
def kinds(attacked):
    """Attacks; returns the kinds of what was found."""

    def run(*paths, **against):
        return {finding.kind for finding in attacked(*paths, **against).findings}

    return run


@pytest.fixture
def made():
    """The makers of made-up files."""
    return {"rows": made_up_rows, "csv": write_csv, "pack": make_pack, "json": change_json, "table": plain_table}
