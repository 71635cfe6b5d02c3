"""Every kind of leak, planted and found; and the same thing without it, in which nothing is found.

The tables ``PLAIN``, ``PAIRS``, ``NESTED``, ``PACKS`` and ``BYTES`` say for each kind how it is planted and which
attack must find it; what needs more than a changed file has a test of its own.
"""

import base64
import csv
import gzip
import hashlib
import json
import shutil
from fractions import Fraction
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from palermo.provenance import file_sha256
from palermo.release.attack import noise_audit as audit
from palermo.release.attack.repeats import averaging
from palermo.release.attack.tracker import tracker
from palermo.release.folder import id_of
from palermo.release.freeze import make_release
from palermo.release.ledger import FILE, MADE, SYNTHETIC, Entry, Ledger
from palermo.release.rules import Protection
from palermo.release.schema import RELEASED
from palermo.release.synthetic import measure as counter
from palermo.release.synthetic.discrete_gaussian import draws
from palermo.release.tables import hierarchy, protection, published, specification
from palermo.release.tables.alternatives import cell_key
from palermo.release.tables.alternatives.perturbation import Noise

# ---- plain tables of anybody ------------------------------------------------------------------------------------

SMALL = {("XXA", "F", "Y0T17"): "*"}
PLAIN = [
    ("small counts", "a count of three is printed", {("XXA", "M", "Y0T17"): 3}),
    ("subtraction", "one cell is hidden, its totals are not", SMALL),
    ("reconstruction", "two cells under 5 that are 8 together", {("XXA", "F", "Y0T17"): "<5", ("XXA", "F", "Y_GE18"):
      "<5", ("XXA", "F", "_T"): 8, ("_T", "F", "Y0T17"): "..", ("_T", "F", "Y_GE18"): "..",
      ("XXA", "_T", "Y0T17"): "..", ("XXA", "_T", "Y_GE18"): "..", ("XXA", "_T", "_T"): 47, ("_T", "F", "_T"): 50,
      ("_T", "_T", "_T"): 117, ("_T", "_T", "Y0T17"): "..", ("_T", "_T", "Y_GE18"): ".."}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "how", "changes"), PLAIN, ids=[kind for kind, _, _ in PLAIN])
def test_leaks_of_a_plain_table(kinds, made, tmp_path, kind, how, changes):
    assert kinds(made["csv"](tmp_path / "sound.csv", made["table"]())) == set()
    assert kind in kinds(made["csv"](tmp_path / "planted.csv", made["table"](changes.items()))), how


def test_a_row_left_out_instead_of_hidden(kinds, made, tmp_path):
    rows = [row for row in made["table"]({("XXA", "M", "Y0T17"): 3, ("XXA", "_T", "Y0T17"): 24, ("XXA", "M", "_T"): 29,
            ("_T", "M", "Y0T17"): 20, ("_T", "M", "_T"): 57, ("XXA", "_T", "_T"): 90, ("_T", "_T", "Y0T17"): 50,
            ("_T", "_T", "_T"): 160}.items()) if row["value"] != 3]  # fmt: skip
    assert kinds(made["csv"](tmp_path / "planted.csv", rows)) == {"subtraction"}


PAIRS = [
    ("a cell is hidden in one table and printed in the other",
     {("XXA", "F", "Y0T17"): "*", ("XXA", "F", "Y_GE18"): "*", ("XXA", "M", "Y0T17"): "*", ("XXA", "M", "Y_GE18"): "*",
      ("XXB", "F", "Y0T17"): "*", ("XXB", "F", "Y_GE18"): "*", ("XXB", "M", "Y0T17"): "*",
      ("XXB", "M", "Y_GE18"): "*"}, {}),
    ("a correction of two persons", {}, {("XXB", "M", "Y_GE18"): 13, ("XXB", "M", "_T"): 30}),
]  # fmt: skip


@pytest.mark.parametrize(("how", "first", "second"), PAIRS, ids=[how for how, _, _ in PAIRS])
def test_differences_between_two_tables(kinds, made, tmp_path, how, first, second):
    sound = [made["csv"](tmp_path / name, made["table"]()) for name in ("a.csv", "b.csv")]
    assert "differencing" not in kinds(*sound)
    one = made["csv"](tmp_path / "one.csv", made["table"](first.items()))
    other = made["csv"](tmp_path / "other.csv", made["table"](second.items()))
    assert "differencing" in kinds(one, other), how


NESTED = [
    ("area", "an area and the parts of it", ("XXW", "XXA"), {"XXA": "XXW", "XXB": "XXW"}),
    ("period", "five years and four of them", ("2015/2019", "2016/2019"), {}),
    ("age", "a band and most of it", ("Y0T17", "Y0T15"), {}),
]


@pytest.mark.parametrize(("column", "how", "codes", "within"), NESTED, ids=[column for column, *_ in NESTED])
def test_differences_between_what_lies_within_each_other(kinds, made, tmp_path, column, how, codes, within):
    def files(inner):
        return [
            made["csv"](tmp_path / f"{code.replace('/', '-')}.csv", [{column: code, "persons": value}])
            for code, value in zip(codes, (90, inner), strict=True)
        ]

    assert kinds(*files(80), within=within) == set()
    assert kinds(*files(88), within=within) == {"differencing"}, how


NOISY = [
    ("reconstruction", "limits that together say who is left", [("F", 12, 8, 16), ("M", 4, 1, 8), ("_T", 10, 6, 9)]),
]


@pytest.mark.parametrize(("kind", "how", "rows"), NOISY, ids=[kind for kind, *_ in NOISY])
def test_leaks_of_a_rounded_table(kinds, made, tmp_path, kind, how, rows):
    def file(name, some):
        lines = [
            dict(zip(("sex", "value", "lower", "upper"), row, strict=True)) | {"done": "perturbed"} for row in some
        ]
        return made["csv"](tmp_path / name, lines)

    assert kinds(file("sound.csv", [("F", 12, 8, 16), ("M", 4, 0, 8), ("_T", 15, 11, 19)])) == set()
    assert kinds(file("planted.csv", rows)) == {kind}, how


def test_one_table_under_two_keys(kinds, made, tmp_path):
    def file(name, step):
        rows = [{"area": f"X{n:02d}", "value": 40 + n + step * (n % 3), "lower": 30 + n, "upper": 52 + n,
                 "done": "perturbed"} for n in range(40)]  # fmt: skip
        return made["csv"](tmp_path / name, rows)

    assert kinds(file("a.csv", 1), file("b.csv", 1)) == set()
    assert kinds(file("a.csv", 1), file("c.csv", -1)) == {"averaging"}


# ---- our own tables ---------------------------------------------------------------------------------------------


def test_a_small_count_put_back_into_a_release(kinds, tmp_path, cubes, persons, written):
    true = cubes["counted"](persons)
    path = make_release(*written(true), tmp_path / "out", Protection(), {}).path
    assert kinds(path) == set()
    rows = pq.read_table(path / "cube.parquet").to_pylist()
    place = next(number for number, row in enumerate(true) if 0 < row["value"] < 5)
    rows[place] = {**true[place], "conf_status": "F"}
    pq.write_table(pa.Table.from_pylist(rows, RELEASED), path / "cube.parquet")
    assert kinds(path) == {"reconstruction", "copies"}, "the manifest and the copy for people tell as well"


def test_a_figure_in_the_copy_for_people_alone(kinds, tmp_path, cubes, persons, written):
    path = make_release(*written(cubes["counted"](persons)), tmp_path / "out", Protection(), {}).path
    with (path / "cube.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    next(row for row in rows if row["conf_status"] != "F")["value"] = "3"
    with (path / "cube.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    assert kinds(path) == {"copies"}


def test_two_releases_made_without_each_other(kinds, tmp_path, cubes, persons, written):
    def release(people, name):
        return make_release(*written(cubes["counted"](people)), tmp_path / name, Protection(), {}).path

    first = release(persons, "one")
    assert kinds(first, release(persons, "same")) == set()
    assert "releases together" in kinds(first, release([*persons, *cubes["group"](2)], "two"))


def test_a_hidden_count_of_a_plan_printed(kinds, made, tmp_path):
    people = made["rows"](400, 3)
    axes = [hierarchy.Dimension(name, tuple(sorted({row[name] for row in people}))) for name in ("band", "form")]
    plan = protection.protect_tables(pa.Table.from_pylist(people), specification.Specification(tuple(axes)))
    assert plan.proved.hidden > 0
    published.write_plan(plan, tmp_path / "plan")
    assert kinds(tmp_path / "plan") == set()
    file = tmp_path / "plan" / "band_form.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    place = next(number for number, line in enumerate(lines) if line.endswith("suppressed"))
    lines[place] = ",".join([*lines[place].split(",")[:2], "3", "", "", "A", "F", "count"])
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert kinds(tmp_path / "plan") == {"reconstruction"}


# ---- query tools ------------------------------------------------------------------------------------------------

CODES = {"sex": ("F", "M"), "origin": tuple(f"X{n:02d}" for n in range(8))}


class Tool:
    """A query tool over made-up rows: refuses sets under 5; adds noise by the set, or fresh each time."""

    def __init__(self, rows, noise=None, budget=None):
        self.rows, self.noise, self.left = rows, noise, budget

    def __call__(self, query):
        who = tuple(n for n, row in enumerate(self.rows) if all(row[name] in codes for name, codes in query.items()))
        if len(who) < 5 or self.left == 0:
            return None
        self.left = None if self.left is None else self.left - 1
        return len(who) + (self.noise(who) if self.noise else 0)


RELEASE_KEY = b"a made-up release key"
KEYS = cell_key.record_keys(RELEASE_KEY, [f"person {one}" for one in range(400)])


@cache
def by_cell(who):
    """The same noise for the same persons, by their keys."""
    numbers = cell_key.cell_keys(RELEASE_KEY, np.array([KEYS[list(who)].sum(dtype=np.uint64)]))
    return int(cell_key.noise_of(np.array([len(who)]), numbers, Noise())[0])


class Fresh:
    """Other noise each time, from a fixed stream."""

    def __init__(self):
        self.number = 0

    def __call__(self, who):
        self.number += 1
        return self.number * 7919 % 9 - 4


@pytest.fixture(scope="module")
def few():
    return [{"sex": sex, "origin": f"X{n:02d}"} for n, (f, m) in enumerate(
        [(9, 12), (14, 3), (8, 8), (30, 11), (7, 2), (6, 19), (10, 10), (22, 5)]) for sex, held in (("F", f), ("M", m))
        for _ in range(held)]  # fmt: skip


def test_a_tracker_isolates_small_sets_of_a_tool_that_only_refuses_them(few):
    found = tracker(Tool(few), CODES, 5, "tool")
    assert found.tried == 2, "X01 and X04, men"
    assert [finding.words.split(":")[0] for finding in found.findings] == ["origin X01, sex M", "origin X04, sex M"]
    assert tracker(Tool(few, by_cell), CODES, 5, "tool").findings == ()


def test_a_cell_key_does_not_save_a_tool_that_answers_any_union(few):
    broken = tracker(Tool(few, by_cell), CODES, 5, "tool", trackers=300)
    assert broken.findings, "the mean over many paddings: tools may answer the codes of their lists only"


def test_averaging_undoes_fresh_noise_and_not_that_of_a_cell_key(few):
    queries = [{"sex": frozenset(["F"])}, {"origin": frozenset(["X03"])}]
    assert len(averaging(Tool(few, Fresh()), queries, "tool").findings) == 2
    assert averaging(Tool(few, by_cell), queries, "tool").findings == ()
    assert averaging(Tool(few, Fresh(), budget=50), queries, "tool").findings == (), "refused once the budget is spent"


# ---- open case data ---------------------------------------------------------------------------------------------


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


# ---- every byte -------------------------------------------------------------------------------------------------

ID, NAME = "MADEUP-000417", "Zélda Madeup"
BYTES = [
    ("text in a log", "run.log", f"read {ID.lower()}\n".encode()),
    ("UTF-16", "a.bin", b"\1" + NAME.encode("utf-16-le")),
    ("Base64", "key.txt", base64.b64encode(b"id=" + ID.encode() + b";")),
    ("hash", "c.csv", f"1,{hashlib.sha256(ID.encode()).hexdigest()}\n".encode()),
    ("short hash", "d.csv", hashlib.md5(ID.lower().encode()).hexdigest()[:16].encode()),
    ("bytes of a hash", "e.bin", b"\0\0" + hashlib.sha1(NAME.encode()).digest()),
    ("packed", "f.csv.gz", gzip.compress(f"x,{NAME}".encode())),
    ("reversed", "g.txt", ID[::-1].encode()),
]


@pytest.mark.parametrize(("how", "file", "content"), BYTES, ids=[how for how, _, _ in BYTES])
def test_a_sealed_person_in_any_byte(attacked, made, tmp_path, how, file, content):
    listed = tmp_path / "sealed.txt"
    listed.write_text(f"{ID}\n{NAME}\n", encoding="utf-8")
    folder = tmp_path / "export"
    folder.mkdir()
    made["csv"](folder / "rows.csv", [{"sex": "F", "id": "MADEUP-000418"}])
    assert attacked(folder, search=listed).findings == ()
    (folder / file).write_bytes(content)
    found = attacked(folder, search=listed).findings
    assert {finding.kind for finding in found} == {"search"}, how
    assert not any(ID in str(finding) or NAME in str(finding) for finding in found), "a finding names the line only"


def test_a_sealed_person_in_a_column(attacked, made, tmp_path):
    listed = tmp_path / "sealed.txt"
    listed.write_text(f"{ID}\n", encoding="utf-8")
    (tmp_path / "export").mkdir()
    made["csv"](tmp_path / "export" / "rows.csv", [{"sex": "F"}])
    pq.write_table(pa.table({"key": [ID, "x"]}), tmp_path / "export" / "a.parquet", compression="zstd")
    found = attacked(tmp_path / "export", search=listed).findings
    assert any(finding.where.endswith("column key") for finding in found)


# ---- the ledger -------------------------------------------------------------------------------------------------


@pytest.fixture
def releases(tmp_path, cubes, persons, written):
    """A folder of releases with one release that its ledger lists."""
    made = make_release(*written(cubes["counted"](persons)), tmp_path / "releases", Protection(), {})
    manifest = hashlib.sha256((made.path / "manifest.json").read_bytes()).hexdigest()
    Ledger(tmp_path / "releases").append(Entry(MADE, made.path.name, "A. Maker", manifest))
    return tmp_path / "releases"


def test_a_ledger_that_fits(kinds, releases):
    assert kinds(releases) == set()


def test_a_release_that_no_ledger_lists(kinds, releases):
    (one,) = [folder for folder in releases.iterdir() if folder.is_dir()]
    shutil.copytree(one, releases / "another")
    assert kinds(releases) == {"ledger"}


def test_an_altered_entry(kinds, releases):
    file = releases / FILE
    file.write_text(file.read_text(encoding="utf-8").replace("A. Maker", "B. Maker"), encoding="utf-8")
    assert kinds(releases) == {"ledger"}


def test_a_pack_that_was_charged_too_little(kinds, pack, made, tmp_path):
    folder = tmp_path / "releases" / "open-data"
    shutil.copytree(pack, folder)
    files = json.loads((pack / "manifest.json").read_text(encoding="utf-8"))["files"]
    made["json"](folder / "manifest.json", id=id_of(files))
    manifest = file_sha256(folder / "manifest.json")
    rho = Fraction(json.loads((pack / "parameters.json").read_text(encoding="utf-8"))["rho"])
    for charged, expected in ((rho, set()), (rho / 2, {"ledger"})):
        (tmp_path / "releases" / FILE).unlink(missing_ok=True)
        Ledger(tmp_path / "releases").append(
            Entry(MADE, id_of(files), "A. Maker", manifest, SYNTHETIC, folder="open-data", sources={"shelter": ()},
                  rho={"shelter": str(charged)})
        )  # fmt: skip
        assert kinds(tmp_path / "releases") == expected


def test_a_budget_that_is_overspent(kinds, tmp_path):
    settings = '[account]\ntitle = "Made up"\narea = "XXA"\n[release]\nbudget = { epsilon = 1, delta = 1e-9 }\n'
    (tmp_path / "palermo.toml").write_text(settings, encoding="utf-8")
    entry = Entry(MADE, "open-data", "A. Maker", "0" * 64, SYNTHETIC, sources={"shelter": ()}, rho={"shelter": "1/2"})
    Ledger(tmp_path / "releases").append(entry)
    assert "ledger" in kinds(tmp_path)
