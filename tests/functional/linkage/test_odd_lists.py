"""``palermo link`` on lists that are odd as a whole: nobody shared, one record, all alike. All persons are made up."""

import signal
import time

import pytest

from ..conftest import start
from .conftest import HEADER, linked, people, write


def test_lists_that_share_nobody_stay_apart(palermo, tmp_path):
    write(tmp_path / "a.csv", [row[1:] for row in people(200)], HEADER.removeprefix("person,"))
    write(tmp_path / "b.csv", [row[1:] for row in people(200, seed=2)], HEADER.removeprefix("person,"))
    assert linked(palermo, tmp_path, "a", "b")["persons"] >= 396


def test_one_record_alone_is_one_person(palermo, tmp_path):
    write(tmp_path / "a.csv", people(1))
    told = linked(palermo, tmp_path, "a")
    assert told["persons"] == 1
    assert any("nothing to link" in notice for notice in told["notices"])


def test_a_list_without_any_name_says_so(palermo, tmp_path):
    rows = [("", "", "", *row[3:]) for row in people(100)]
    write(tmp_path / "a.csv", rows)
    told = linked(palermo, tmp_path, "a")
    assert told["persons"] >= 98
    assert any("every record lacks a name" in notice for notice in told["notices"])
    assert "Nobody labelled" in (tmp_path / "links" / "linkage.html").read_text()


def test_one_surname_for_all_does_not_join_all(palermo, tmp_path):
    rows = [("", row[1], "Same", *row[3:]) for row in people(200)]
    write(tmp_path / "a.csv", rows + rows[:40])
    assert 195 <= linked(palermo, tmp_path, "a")["persons"] <= 205


def test_identical_records_end_in_good_time(palermo, tmp_path):
    write(tmp_path / "a.csv", [("", "Bado", "Kiluba", "2000-01-01", "Taba")] * 20_000)
    begun = time.monotonic()
    told = linked(palermo, tmp_path, "a")
    assert time.monotonic() - begun < 30
    assert told["records"] == 20_000
    assert told["notices"]


@pytest.mark.slow
def test_a_million_identical_records(palermo, tmp_path):
    write(tmp_path / "a.csv", [("", "Bado", "Kiluba", "2000-01-01", "Taba")] * 1_000_000)
    assert linked(palermo, tmp_path, "a")["records"] == 1_000_000


def test_ctrl_c_leaves_nothing_half_written(tmp_path):
    rows = people(200_000)  # which takes far longer than the signal, on any machine
    write(tmp_path / "a.csv", rows + rows[:50_000])
    running = start("link", "a.csv", "--out", "links", cwd=tmp_path)
    time.sleep(4)
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=60)
    assert running.returncode == 1
    assert "interrupted" in err.lower()
    assert "Traceback" not in err
    folder = tmp_path / "links"
    assert not folder.exists() or not list(folder.iterdir())
