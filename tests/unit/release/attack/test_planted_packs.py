"""Leaks of open case data, planted and found: ``PACKS`` says how each is planted and which attack must find it."""

import json
import shutil

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from palermo.release.attack import noise_audit as audit
from palermo.release.synthetic import measure as counter
from palermo.release.synthetic.discrete_gaussian import draws


def test_a_sound_pack(attacked, pack, true_rows):
    report = attacked(pack, confidential=true_rows[0], holdout=true_rows[1])
    assert report.findings == ()
    assert {"promise", "noise against true counts", "membership", "linkage", "singling out", "noise audit"} <= {
        outcome.attack for outcome in report.outcomes if outcome.ran
    }
    assert report.is_confidential, "it holds what was worked out with the true rows"


def copied(pack, tmp_path):
    shutil.copytree(pack, tmp_path / "planted")
    return tmp_path / "planted"


def true_rows_in(folder, files, made):
    shutil.copy(files[0], folder / "rows.csv")


def less_noise(folder, files, made):
    """Counts twice as near to the truth as the pack says."""
    held = {}
    for line in files[0].read_text(encoding="utf-8").splitlines()[1:]:
        for name, code in zip(("period", "sex", "band", "origin", "form", "means"), line.split(","), strict=True):
            held[name, code] = held.get((name, code), 0) + 1
    rows = pq.read_table(folder / "counts.parquet").to_pylist()
    for row in rows:
        if row["length"] == 1:
            true = held[row["columns"][0], row["codes"][0]]
            row["count"] = true + round((row["count"] - true) / 3)
    pq.write_table(pa.Table.from_pylist(rows, pq.read_schema(folder / "counts.parquet")), folder / "counts.parquet")


def smaller_errors(folder, files, made):
    levels = json.loads((folder / "parameters.json").read_text(encoding="utf-8"))["levels"]
    made["json"](folder / "parameters.json", levels=[*levels[:1], {**levels[1], "standard_error": 0.5}, *levels[2:]])


PACKS = [
    ("membership", "the true rows instead of made-up ones", true_rows_in),
    ("linkage", "the true rows instead of made-up ones", true_rows_in),
    ("singling out", "the true rows instead of made-up ones", true_rows_in),
    ("noise against true counts", "a third of the noise", less_noise),
    ("promise", "a seed", lambda folder, _files, made: made["json"](folder / "parameters.json", private=False)),
    ("promise", "a smaller epsilon on the label", lambda f, _files, made: made["json"](f / "parameters.json",
                                                                                        epsilon=0.5)),
    ("promise", "smaller errors than the loss allows", smaller_errors),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "how", "plant"), PACKS, ids=[f"{kind}: {how}" for kind, how, _ in PACKS])
def test_leaks_of_a_pack(kinds, pack, true_rows, made, tmp_path, kind, how, plant):
    folder = copied(pack, tmp_path)
    plant(folder, true_rows, made)
    found = kinds(folder, confidential=true_rows[0], holdout=true_rows[1])
    assert {kind, "copies"} <= found, how


def test_one_seed_for_two_packs(kinds, pack, true_rows, made, tmp_path):
    fewer = made["csv"](tmp_path / "fewer.csv", made["rows"](2500, 1)[:-3])
    assert "averaging" in kinds(pack, made["pack"](fewer, tmp_path / "again"))
    assert "averaging" not in kinds(pack, made["pack"](fewer, tmp_path / "other", seed=8))


def test_a_build_with_half_the_noise(monkeypatch):
    assert audit.audit_counter(runs=150).ok
    monkeypatch.setattr(counter, "draws", lambda variance, number, randomness: draws(variance / 4, number, randomness))
    broken = audit.noise_audit(150, 1)
    assert [finding.kind for finding in broken.findings] == ["noise audit"]


@pytest.mark.slow
def test_ten_thousand_runs_of_the_counter(monkeypatch):
    found = audit.audit_counter(runs=10_000)
    assert 0.5 * found.claimed < found.proved <= found.claimed
    monkeypatch.setattr(counter, "draws", lambda variance, number, randomness: draws(variance / 4, number, randomness))
    assert audit.audit_counter(runs=10_000).proved > 1.5 * found.claimed


def test_a_row_that_stands_alone(kinds, made, tmp_path):
    rows = [{"sex": sex, "form": form} for sex in "FM" for form in ("one", "two") for _ in range(10)]
    assert kinds(made["csv"](tmp_path / "rows.csv", rows), k=10) == set()
    alone = [*rows, {"sex": "F", "form": "three"}]
    assert kinds(made["csv"](tmp_path / "alone.csv", alone), k=10) == {"k-anonymity"}
