"""Private tables on their way to an approval: sound ones pass, each kind of broken one is found."""

import json
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from palermo.release.attack.approval import approval_report
from palermo.release.attack.private_tables import audit_gaussian, audit_laplace, cost, noise_of_tables, sums
from palermo.release.attack.suite import attack
from palermo.release.tables.alternatives.choice import Settings, protect_by
from palermo.release.tables.alternatives.private_tables import Privacy, measure
from palermo.release.tables.alternatives.written import write_protected
from palermo.release.tables.hierarchy import Dimension
from palermo.release.tables.specification import Specification

DRAWS = np.random.default_rng(5)
ROWS = pa.table({"area": [*DRAWS.choice(list("AB"), 88).tolist(), "C", "C"], "sex": DRAWS.choice(["F", "M"], 90)})
SPECIFICATION = Specification(
    (Dimension("area", tuple("ABC"), {"north": ("A", "B"), "all but A": ("B", "C")}), Dimension("sex", ("F", "M")))
)


@pytest.fixture(params=[Privacy(1.0), Privacy(1.0, 1e-6, "gaussian"), Privacy(1.0, rows_per_person=3)])
def folder(request, tmp_path):
    write_protected(protect_by(ROWS, SPECIFICATION, "private", Settings(privacy=request.param)), tmp_path / "tables")
    return tmp_path / "tables"


def changed(folder, **said):
    path = folder / "parameters.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), **said}), encoding="utf-8")
    return cost(folder)


def test_sound_tables_pass_and_what_was_tried_is_said(folder):
    report = approval_report(folder, (), {})
    assert (report["findings"], report["could_not_run"]) == ([], [])
    assert [one["attack"] for one in report["attacks"]] == [
        "cost of private tables", "sums of private tables", "noise of private tables",
    ]  # fmt: skip
    assert report["attacks"][1]["tried"] > 10


def test_views_that_cost_more_than_promised_or_charged_are_found(folder):
    said = json.loads((folder / "parameters.json").read_text(encoding="utf-8"))
    half = {name: variance / 4 for name, variance in said["variances"].items()}
    words = [str(finding) for finding in changed(folder, variances=half).findings]
    assert any("more than the epsilon" in one for one in words)
    assert any("more than the rho" in one for one in words)
    cheap = changed(folder, variances=said["variances"], rho=said["rho"] / 2).findings
    assert [str(one) for one in cheap] == ["tables: the noise of its views, summed up, loses more than the rho that "
                                          "is charged for it"]  # fmt: skip
    assert "no noise" in str(changed(folder, variances={"total": 0.0}).findings[0])
    assert not changed(folder, variances=3).ran


def test_a_total_altered_by_hand_is_found(folder):
    path = folder / "area_sex.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    place = next(number for number, line in enumerate(lines) if line.startswith("north,F,"))
    codes = lines[place].split(",")
    codes[2] = str(int(codes[2]) + 1)
    path.write_text("\n".join([*lines[:place], ",".join(codes), *lines[place + 1 :]]) + "\n", encoding="utf-8")
    assert "north F: is not the sum of its parts" in str(sums(folder).findings[0])
    assert "cost of private tables" in {outcome.attack for outcome in attack([folder]).outcomes}


def test_a_small_count_that_is_published_exactly_is_found(tmp_path):
    privacy = Privacy(1.0, shares={"area:2 x sex:1": 1.0}, invariants=("area:2",))
    simple = Specification(
        (Dimension("area", tuple("ABC"), {"north": ("A", "B"), "south": ("C",)}), Dimension("sex", ("F", "M")))
    )
    write_protected(protect_by(ROWS, simple, "private", Settings(privacy=privacy)), tmp_path / "tables")
    found = [str(one) for one in sums(tmp_path / "tables").findings]
    assert any("C _T: published exactly" in one for one in found)


def test_half_the_noise_is_found_under_both_laws():
    sound = [audit(runs=600) for audit in (audit_laplace, audit_gaussian)]
    assert all(one.ok and one.proved > 0 for one in sound)

    def half(lattice, leaves, privacy):
        return measure(lattice, leaves, replace(privacy, epsilon=2.2 * privacy.epsilon))

    broken = noise_of_tables(600, 1, half)
    assert [str(finding).split()[2] for finding in broken.findings] == ["Laplace", "Gaussian"]
