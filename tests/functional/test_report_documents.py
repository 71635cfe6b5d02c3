"""``palermo report --format``: documents of the demo country, whole or not at all."""

import json

import pyarrow.parquet as pq
import pytest

from palermo.intake.registry import SourceOptions, adapter_for


@pytest.fixture(scope="module")
def frozen(demo):
    return next((demo / "releases").iterdir())


def test_documents_in_two_languages_and_nothing_else(palermo, frozen, tmp_path):
    out = tmp_path / "documents"
    answer = palermo("report", "--release", frozen, "--format", "html,unodc,sdg", "--lang", "en,ar", "--out", out,
                     "--json")  # fmt: skip
    assert answer.code == 0, answer.err
    assert answer.json["release"] == frozen.name
    assert {"account-en.html", "account-ar.html", "sdg-16-2-2.csv", "sdg-16-2-2.xml", "unodc"} <= {
        path.name for path in out.iterdir()
    }
    assert all(str(out) in name for name in answer.json["files"])
    assert 'dir="rtl"' in (out / "account-ar.html").read_text(encoding="utf-8")[:200]
    again = tmp_path / "again"
    assert (
        palermo("report", "--release", frozen, "--format", "html,unodc,sdg", "--lang", "ar,en", "--out", again).code
        == 0
    )
    assert {path.relative_to(out): path.read_bytes() for path in out.rglob("*") if path.is_file()} == {
        path.relative_to(again): path.read_bytes() for path in again.rglob("*") if path.is_file()
    }


def test_the_return_of_the_demo_country_is_read_back_with_the_same_figures(palermo, frozen, tmp_path):
    assert palermo("report", "--release", frozen, "--format", "unodc", "--out", tmp_path).code == 0
    path = tmp_path / "unodc" / "return.csv"
    (batch,) = adapter_for(path).read(path, SourceOptions("back"))
    assert not batch.quarantined
    keys = ("measure", "time_period", "sex", "age", "form", "citizenship")
    numbers = ("value", "lower", "upper")
    released = {}
    wanted = {"victims_by_sex_age", "sdg_16_2_2", "victims_by_citizenship", "persons_contacted", "persons_prosecuted",
              "persons_convicted"}  # fmt: skip
    for row in pq.read_table(frozen / "cube.parquet").to_pylist():
        if row["indicator"] in wanted and row["unit"] == "PERSON":
            key = tuple("_T" if row[name] == "_Z" else row[name] for name in keys)
            released.setdefault(key, []).append(tuple(row[name] for name in numbers))
    read = batch.tables["observations"].to_pylist()
    assert len(read) > 200
    for row in read:
        assert tuple(row[name] for name in numbers) in released[tuple(row[name] for name in keys)]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--format", "odt"), "found no such format"),
        (("--format", "html", "--lang", "tlh"), "found no such language"),
        (("--format", "html", "--area", "France"), "--area FRA"),
        (("--format", "html", "--period", "1990"), "--period 1990"),
        (("--lang", "ar"), "are for documents"),
    ],
)
def test_what_cannot_be_had_is_said_and_nothing_is_left(palermo, frozen, tmp_path, more, said):
    out = tmp_path / "out"
    answer = palermo("report", "--release", frozen, "--out", out, *more)
    assert answer.code == 2
    assert said in answer.words
    assert not [path for path in out.rglob("*") if path.is_file()]


def test_a_workspace_brings_its_release_up_to_date(palermo, demo, tmp_path):
    answer = palermo("report", "--workspace", demo, "--format", "sdg", "--out", tmp_path / "out", "--json")
    assert answer.code == 0, answer.err
    assert json.loads(answer.out)["files"] == [str(tmp_path / "out" / f"sdg-16-2-2.{end}") for end in ("csv", "xml")]
