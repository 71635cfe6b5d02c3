"""The ledger: sealed entries, one process at a time, budgets that hold."""

import json
import sqlite3
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from palermo.errors import PalermoError, RefusedError
from palermo.provenance import file_sha256
from palermo.release.budget import in_words, statement, within_budget
from palermo.release.ledger import Ledger, only_one
from palermo.release.ledger_entry import APPROVED, MADE, SYNTHETIC, WITHDRAWN, Entry, seal, spent
from palermo.release.privacy_loss import Loss, rho_of, total_of, upper


@pytest.fixture
def ledger(tmp_path):
    return Ledger(tmp_path / "releases", tmp_path / "closed" / "head")


def made(name, by="A. Maker", **more):
    return Entry(MADE, name, by, "0" * 64, **more)


@pytest.fixture
def filled(ledger):
    ledger.append(made("aaaa", sources={"police": ("1" * 64,)}))
    ledger.append(Entry(APPROVED, "aaaa", "B. Second", "2" * 64))
    ledger.append(made("bbbb", reason="late cases", replaces="aaaa"))
    return ledger


def lines(ledger):
    return ledger.path.read_text(encoding="utf-8").splitlines()


def test_entries_read_back_as_written_and_each_seals_the_one_before(filled):
    entries = filled.entries()
    assert [entry.number for entry in entries] == [1, 2, 3]
    assert [entry.previous for entry in entries[1:]] == [entry.hash for entry in entries[:2]]
    assert entries[0].sources == {"police": ("1" * 64,)}
    assert filled.head() == entries[2].hash


def test_what_became_of_a_release(filled):
    listed = filled.listed()
    assert (listed["aaaa"].status, listed["aaaa"].approved_by) == ("approved", "B. Second")
    assert (listed["bbbb"].status, listed["bbbb"].made.replaces) == ("candidate", "aaaa")
    filled.append(Entry(WITHDRAWN, "aaaa", "A. Maker", "3" * 64, reason="wrong list"))
    filled.append(Entry(WITHDRAWN, "bbbb", "A. Maker", "3" * 64, reason="wrong list"))
    listed = filled.listed()
    assert listed["aaaa"].seen, "it was approved once"
    assert not listed["bbbb"].seen
    assert filled.release("aa").id == "aaaa"


def _approving(ledger, name):
    """An approval that is prepared, with the manifest it speaks of; returns both."""
    manifest = ledger.releases / name / "manifest.json"
    manifest.parent.mkdir()
    manifest.write_text("approved", encoding="utf-8")
    return ledger.prepare(Entry(APPROVED, name, "B. Second", file_sha256(manifest))), manifest


def test_an_act_whose_process_was_killed_before_the_last_rename_is_ended(filled):
    pending, _ = _approving(filled, "bbbb")
    filled.finish()
    assert filled.listed()["bbbb"].status == "approved"
    assert not pending.part.exists()
    assert Ledger(filled.releases, filled._anchor).head() == pending.entry.hash
    filled.finish()
    assert len(filled.entries()) == 4


def test_a_ledger_one_step_before_its_copy_is_whole_and_the_copy_follows(filled):
    pending, _ = _approving(filled, "bbbb")
    pending.part.replace(filled.path)  # killed before the copy of the last hash was renamed
    assert filled.head() == pending.entry.hash
    filled.finish()
    assert not pending.anchor_part.exists()
    assert filled.append(made("cccc")).number == 5
    filled.path.write_text("".join(f"{line}\n" for line in lines(filled)[:-1]), encoding="utf-8")
    with pytest.raises(PalermoError, match="ends after entry 4"):
        filled.entries()


@pytest.mark.parametrize("how", ["no manifest", "other manifest", "half a ledger", "other ledger"])
def test_an_act_that_was_killed_earlier_is_forgotten(filled, how):
    pending, manifest = _approving(filled, "bbbb")
    if how == "no manifest":
        manifest.unlink()
    elif how == "other manifest":
        manifest.write_text("candidate", encoding="utf-8")
    elif how == "half a ledger":
        pending.part.write_bytes(pending.part.read_bytes()[:-9])
    else:
        pending.part.write_bytes(pending.part.read_bytes().replace(b"B. Second", b"C. Second"))
    filled.finish()
    assert filled.listed()["bbbb"].status == "candidate"
    assert not pending.part.exists()
    assert not pending.anchor_part.exists()


def test_a_lock_that_cannot_be_written_is_not_taken_for_another_process(tmp_path):
    lock = tmp_path / "release.lock"
    lock.mkdir()
    with pytest.raises(PalermoError, match="cannot be opened"), only_one(lock):
        pass


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_first_altered_entry_is_named(filled, number):
    changed = lines(filled)
    changed[number - 1] = changed[number - 1].replace("Maker", "Other").replace("Second", "Other")
    filled.path.write_text("".join(f"{line}\n" for line in changed), encoding="utf-8")
    with pytest.raises(PalermoError, match=f"entry {number} was altered"):
        filled.entries()


def test_an_entry_left_out_moved_or_made_unreadable_is_named(filled):
    whole = lines(filled)
    for kept, number in (([whole[0], whole[2]], 2), ([whole[1], whole[0], whole[2]], 1), ([whole[0], "{}"], 2)):
        filled.path.write_text("".join(f"{line}\n" for line in kept), encoding="utf-8")
        with pytest.raises(PalermoError, match=f"entry {number} was altered"):
            filled.entries()


def test_an_altered_entry_with_a_new_hash_breaks_the_next(filled):
    changed = lines(filled)
    entry = filled.entries()[0]
    forged = {**json.loads(changed[0]), "by": "Other"}
    forged["hash"] = seal(Entry(**{**forged, "sources": entry.sources, "areas": (), "periods": ()}))
    filled.path.write_text("\n".join([json.dumps(forged), *changed[1:]]) + "\n", encoding="utf-8")
    with pytest.raises(PalermoError, match="entry 2 was altered"):
        filled.entries()


def test_entries_cut_off_at_the_end_are_missed(filled):
    filled.path.write_text("".join(f"{line}\n" for line in lines(filled)[:2]), encoding="utf-8")
    with pytest.raises(PalermoError, match="missing at the end"):
        filled.entries()


def test_names_that_fit_none_or_several_are_refused(filled):
    filled.append(made("aacc"))
    for name in ("zz", "aa", ""):
        with pytest.raises(PalermoError, match="release"):
            filled.release(name)


def test_only_one_process_at_a_time(tmp_path):
    lock = tmp_path / "work" / "lock"
    with only_one(lock), pytest.raises(RefusedError, match="another process is making"), only_one(lock):
        pass
    with only_one(lock):
        pass
    assert sqlite3.connect(lock).execute("SELECT 1").fetchone() == (1,)


def test_a_full_disk_leaves_the_ledger_as_it_was(filled, monkeypatch):
    before = filled.path.read_bytes()

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("palermo.release.ledger.os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        filled.append(made("cccc"))
    assert filled.path.read_bytes() == before
    assert [file.name for file in filled.releases.iterdir()] == ["ledger.jsonl"]


def test_losses_add_exactly_and_the_sum_is_never_rounded_down(ledger):
    for name in ("aaaa", "bbbb", "cccc"):
        ledger.append(made(name, kind=SYNTHETIC, rho={"shelter": "1/10", "police": "0"}))
    listed = ledger.listed()
    assert total_of(spent(listed)["shelter"].values()) == Loss(Fraction(3, 10))
    assert "police" not in spent(listed)
    assert Fraction(upper(Fraction(1, 3))) >= Fraction(1, 3)
    told = statement(listed, (4.0, 1e-9))
    assert told["shelter"]["rho"] == "3/10"
    assert 3 < told["shelter"]["epsilon"] < 5.5


def test_a_release_that_would_overspend_is_refused_with_who_spent_what(ledger):
    half = Fraction(rho_of(2.0, 1e-9))
    ledger.append(made("aaaa", kind=SYNTHETIC, rho={"shelter": str(half)}))
    listed = ledger.listed()
    whole = Loss(Fraction(rho_of(4.0, 1e-9)))
    within_budget(listed, {"shelter": Loss(half)}, (4.0, 1e-9))  # two of epsilon 2 are less than 4
    within_budget(listed, {"police": whole}, (4.0, 1e-9))
    within_budget(listed, {"shelter": Loss(Fraction(100))}, None)
    with pytest.raises(RefusedError, match=r"source shelter: the budget is epsilon 4 .* 2 by release aaaa .*A\. Maker"):
        within_budget(listed, {"shelter": whole}, (4.0, 1e-9))


def test_deltas_of_codes_found_add_and_leave_less_for_the_noise(ledger):
    """Three packs, each of which spends a tenth of its delta on codes that it found."""
    budget, tenth = (4.0, 1e-9), Fraction(1e-10)
    loss = Loss(Fraction(rho_of(1.0, 1e-9)), tenth)
    for name in ("aaaa", "bbbb"):
        more = {"rho": {"shelter": str(loss.rho)}, "failing": {"shelter": str(tenth)}, "protection": {"delta": 1e-9}}
        ledger.append(made(name, kind=SYNTHETIC, **more))
    listed = ledger.listed()
    told = statement(listed, budget)["shelter"]
    both = Loss(2 * loss.rho, 2 * tenth)
    assert Fraction(told["delta_for_codes_found"]) == 2 * tenth
    assert told["epsilon"] == both.epsilon(1e-9) > Loss(2 * loss.rho).epsilon(1e-9)
    assert "and delta 2e-10 for codes found in the data" in in_words(told)
    assert "at delta 1e-09" in in_words(told)
    assert "at delta 2e-09" in in_words(statement(listed, None)["shelter"])
    within_budget(listed, {"shelter": loss}, budget)
    with pytest.raises(RefusedError, match="codes found in the data cost deltas, which add"):
        within_budget(listed, {"shelter": Loss(loss.rho, 9 * tenth)}, budget)


def test_an_entry_without_deltas_of_codes_is_sealed_as_before_they_were_counted(filled):
    assert all("failing" not in json.loads(line) for line in lines(filled))


def test_what_was_withdrawn_stays_spent(ledger):
    ledger.append(made("aaaa", kind=SYNTHETIC, rho={"shelter": "1/2"}))
    ledger.append(Entry(WITHDRAWN, "aaaa", "A. Maker", "0" * 64, reason="wrong"))
    assert spent(ledger.listed())["shelter"] == {"aaaa": Loss(Fraction(1, 2))}


MOST = b'{"sources": {}, "areas": [], "periods": [], '  # how an entry begins


@pytest.mark.parametrize(
    "line",
    [
        b"", b"\xff\xfe", b"{", b"[]", b"1", b"null", b'"made"', b"[" * 100_000, b"{}", b'{"sources": 1}',
        b'{"sources": {"a": 1}, "areas": [], "periods": []}',
        MOST + b'"action": ["made"], "release": "a", "by": 1, "manifest": "x"}',
        MOST + b'"action": "made", "release": "a", "by": "\\ud800", "manifest": ""}',
        MOST + b'"action": "made", "release": "a", "by": "b", "manifest": "", "x": 1}',
        b"9" * 5000,
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", [0, 1, -1])
def test_a_line_of_any_kind_is_a_refusal_in_words(filled, line, place):
    lines = filled.path.read_bytes().splitlines()
    lines[place] = line
    filled.path.write_bytes(b"\n".join(lines) + b"\n")
    with pytest.raises(RefusedError, match=r"entry \d+"):
        filled.entries()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1), cut=st.integers(0, 60), put=st.binary(max_size=8))
def test_bytes_altered_anywhere_are_found_or_say_the_same(filled, place, cut, put):
    whole, entries = filled.path.read_bytes(), filled.entries()
    start = int(place * len(whole))
    filled.path.write_bytes(whole[:start] + put + whole[start + cut :])
    try:
        assert filled.entries() == entries, "blanks between words of JSON"
    except RefusedError as error:
        assert "entry" in str(error)
    finally:
        filled.path.write_bytes(whole)


def test_a_copy_of_the_last_hash_that_is_no_text_is_another_hash(filled, tmp_path):
    anchors = [file for file in tmp_path.rglob("*head*") if file.is_file()]
    for anchor in anchors:
        anchor.write_bytes(b"\xff\xfe\x00")
    assert anchors
    with pytest.raises(RefusedError, match="its last hash was"):
        filled.entries()


def test_what_a_killed_process_half_wrote_of_a_manifest_goes_with_the_next_act(filled):
    left = [filled.releases / name for name in (".aaaa.manifest.json", "..aaaa.manifest.json.4711.part")]
    for file in left:
        file.write_text("{", encoding="utf-8")
    filled.finish()
    assert not any(file.exists() for file in left)
    assert len(filled.entries()) == 3
