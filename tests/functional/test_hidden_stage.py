"""The hidden number from the files of the demo country to its page."""

import json
import re
import shutil

import pyarrow.parquet as pq
import pytest

from palermo.account.receipts import explain
from palermo.checks import check_release
from palermo.pipeline import Run
from palermo.release.audit import audit_release
from palermo.workspace import find_workspace


@pytest.fixture(scope="module")
def release(demo):
    (folder,) = (demo / "releases").iterdir()
    return folder


@pytest.fixture(scope="module")
def estimates(release):
    return [row for row in pq.read_table(release / "cube.parquet").to_pylist() if row["kind"] == "estimated"]


def test_the_estimate_holds_the_victims_whom_numbers_can_tell_apart(demo, estimates):
    (everyone,) = [
        row for row in estimates if row["indicator"] == "victims_estimated" and row["sex"] == row["age"] == "_T"
    ]
    truth = pq.read_table(demo / "truth" / "made-up-truth.parquet").to_pylist()
    numbered = sum(row["victim"] and row["numbered"] for row in truth)
    assert everyone["lower"] <= numbered <= everyone["upper"]
    assert everyone["obs_status"] == "E"


def test_no_published_estimate_is_exact(demo, estimates):
    shown = [row[name] for row in estimates for name in ("value", "lower", "upper") if row[name] is not None]
    assert shown
    assert all(number % 10 == 0 for number in shown)
    own = {row["receipt_id"]: row for row in pq.read_table(demo / "work" / "account" / "cube.parquet").to_pylist()}
    assert any(own[row["receipt_id"]]["value"] not in {row["value"], None} for row in estimates)


def test_capture_tables_and_diagnostics_stay_in_the_office(demo, release):
    assert (demo / "work" / "hidden" / "captures.parquet").is_file()
    text = (release / "receipts.json").read_text(encoding="utf-8")
    assert "diagnostics" not in text
    told = json.loads(text)["estimates"]
    assert {"police", "shelter"} <= set(told["lists"])
    assert "hotline" not in told["lists"]


def test_every_estimate_has_a_receipt_in_words(release, estimates):
    for row in estimates:
        words = explain(release / "receipts.json", row["receipt_id"], release / "cube.parquet")
        assert "Lists compared" in words
        assert "Verdict: " in words
    assert all(check.passed for check in check_release(release))


FEW = re.compile(r"(?<!than )(?<![\d.,])\b[1-9] (?:persons?|people|victims?|records?)\b")


def test_nothing_released_of_the_estimates_tells_a_small_number_of_persons(demo, release):
    told = json.dumps(json.loads((release / "receipts.json").read_text(encoding="utf-8"))["estimates"])
    page = (demo / "report" / "account.html").read_text(encoding="utf-8")
    section = re.sub(r"<[^>]+>", " ", page[page.index('id="figure-e1"') :].split("</figure>")[0])
    assert FEW.search("only 7 persons are on two lists")
    assert FEW.findall(told) == FEW.findall(re.sub(r"\s+", " ", section)) == []
    assert re.search(r"about \d0% of the records|fewer than 10% of the records", told)


def test_a_reader_of_the_account_meets_what_was_assumed_before_the_number(demo):
    page = (demo / "report" / "account.html").read_text(encoding="utf-8")
    section = page[page.index('id="figure-e1"') :].split("</figure>")[0]
    places = [section.index(words) for words in ("What was assumed", "How much hangs on it", "What may be said")]
    assert places == sorted(places)


def test_the_page_keeps_the_two_kinds_apart(demo):
    page = (demo / "report" / "account.html").read_text(encoding="utf-8")
    section = page[page.index('id="figure-e1"') :]
    section = section[: section.index("</figure>")]
    for words in ("What may be said", "What may not be said", "Detected, by all lists", "Estimated, in all"):
        assert words in section
    assert "no shared identifier" in re.sub(r"\s+", " ", section)
    assert (demo / "report" / "figures" / "E1.csv").is_file()


def test_an_account_whose_records_share_nothing_still_comes_out(palermo, demo, tmp_path):
    folder = tmp_path / "country"
    shutil.copytree(demo, folder, ignore=shutil.ignore_patterns("work", "releases", "report"))
    for mapping in (folder / "mappings").glob("*.toml"):
        text = mapping.read_text(encoding="utf-8")
        mapping.write_text(re.sub(r"^\[fields\.person_key\]\n(?:(?!\[).*\n)*", "", text, flags=re.M), encoding="utf-8")
    settings = folder / "palermo.toml"
    kept = settings.read_text(encoding="utf-8").split("[[source]]")
    police, shelter = (part for part in kept[1:] if re.search(r'name = "(police|shelter)"', part))
    settings.write_text("[[source]]".join([kept[0], police, shelter]), encoding="utf-8")
    answer = palermo("account", "--workspace", folder)
    assert answer.code == 0
    assert "There is no estimate of those whom no list saw" in " ".join(answer.out.split())
    run = Run(find_workspace(folder), quiet=True)
    assert "nobody can be recognised" in run.hidden()["refusal"]
    assert run.hidden()["skipped"]


AROUND = ("E2", "E3", "E4", "E5a", "E6")


def test_the_account_shows_what_stands_around_the_number(demo):
    page = (demo / "report" / "account.html").read_text(encoding="utf-8")
    for name in AROUND:
        section = page[page.index(f'id="figure-{name.lower()}"') :].split("</figure>")[0]
        assert "<svg" in section
        assert "<desc" in section
        assert "<table" in section
        assert "MADE UP" in section
        assert (demo / "report" / "figures" / f"{name}.csv").is_file()
        assert FEW.findall(re.sub(r"<[^>]+>", " ", section)) == []


def test_no_exact_count_of_the_capture_table_leaves_the_office(demo, release):
    told = json.loads((release / "estimates.json").read_text(encoding="utf-8"))
    exact = json.loads((demo / "work" / "account" / "estimates.json").read_text(encoding="utf-8"))
    counts = dict(exact["overlap"])
    ranges = {own["history"]: (own["lower"], own["upper"]) for own in told["overlap"]["shared"]}
    base = told["overlap"]["base"]
    assert all(low <= counts[history] <= high for history, (low, high) in ranges.items())
    assert all(count < base for history, count in counts.items() if history not in ranges)
    assert all(high - low + 1 == base >= 10 for low, high in ranges.values())
    assert audit_release(release).ok
