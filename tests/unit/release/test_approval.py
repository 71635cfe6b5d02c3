"""Making, approving and withdrawing: two persons, nothing half-written, nothing unlisted."""

import itertools
import json
import os
import resource
import shutil
import signal
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from palermo.errors import PalermoError, RefusedError, UsageError
from palermo.provenance import file_sha256, write_json
from palermo.release import approval, confidential
from palermo.release.approval import Office, Request, approve, list_release, names, same_person, withdraw
from palermo.release.folder import id_of, load_release
from palermo.release.freeze import Account, made_release, make_release
from palermo.release.history import load_history
from palermo.release.ledger import Ledger
from palermo.release.ledger_check import verify
from palermo.release.packs import list_pack
from palermo.release.rules import Protection

SOURCES = {"police": ("1" * 64,)}


@pytest.fixture
def office(tmp_path):
    closed = tmp_path / "work" / "released"
    return Office(Ledger(tmp_path / "releases", closed / "ledger.head"), closed, {})


@pytest.fixture
def make(office, cubes):
    """Makes a candidate of these made-up persons."""

    def candidate(persons, by="A. Maker", **more):
        account = Account(cubes["counted"](persons), {"indicators": {}, "inputs": []}, {})
        history = load_history(office.ledger, office.store, office.within)
        out = office.ledger.releases
        with made_release(account, out, Protection(), {"sources": []}, (history, None)) as made:
            return list_release(office, made, Protection(), Request(by, **more), SOURCES)

    return candidate


def test_a_candidate_is_listed_frozen_and_its_true_figures_kept_apart(office, make, persons):
    listed = make(persons)
    loaded = load_release(office.ledger.folder(listed))
    assert loaded.standing["status"] == listed.status == "candidate"
    assert loaded.standing["made_by"] == "A. Maker"
    assert listed.made.rho == {"police": "0"}
    assert listed.made.sources == SOURCES
    kept = office.store / f"{listed.id}.parquet"
    assert kept.stat().st_mode & 0o077 == 0
    assert verify(office.ledger) == ([], [])


def test_another_person_approves_with_the_attackers_report(office, make, persons):
    listed = make(persons, by="Zoë  Maker")
    for name in ("Zoë Maker", "zoe\u0308 MAKER", " ZOË maker "):
        with pytest.raises(RefusedError, match="another person must approve"):
            approve(office, listed.id, name)
    approved, report = approve(office, listed.id[:6], "B. Second")
    manifest = json.loads((office.ledger.folder(approved) / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["status"], manifest["made_by"], manifest["approved_by"]) == ("approved", "Zoë Maker", "B. Second")
    assert manifest["attack"] == report
    assert report["ok"]
    assert report["attacked"] > 0
    with pytest.raises(UsageError, match="only a candidate"):
        approve(office, listed.id, "C. Third")
    assert verify(office.ledger) == ([], [])


@pytest.mark.parametrize("name", ["", "  ", "x" * 201, "a\x00b", "a\x1b[31mb"])
def test_what_is_no_name_is_refused(office, make, persons, name):
    with pytest.raises(UsageError, match="expected the name of a person"):
        make(persons, by=name)
    assert list(office.ledger.releases.iterdir()) == []


def test_names_are_compared_whatever_their_form():
    assert same_person("A. Maker", "a.  maker")
    assert not same_person("A. Maker", "B. Maker")


def test_a_correction_names_what_it_replaces_and_why(office, make, persons, cubes):
    first = make(persons)
    with pytest.raises(UsageError, match="why"):
        make([*persons, *cubes["group"](30)], replaces=first.id)
    with pytest.raises(PalermoError, match="no such release"):
        make([*persons, *cubes["group"](30)], replaces="zzzz", reason="late cases")
    second = make([*persons, *cubes["group"](30)], replaces=first.id[:8], reason="late cases")
    assert second.made.replaces == first.id
    assert [one["replaces"] for one in names(office.ledger.listed().values())] == [None, first.id]


def test_a_release_is_made_once(office, make, persons):
    listed = make(persons)
    with pytest.raises(UsageError, match=f"release {listed.id} is listed already"):
        make(persons)


def test_withdrawn_before_approval_is_forgotten_and_after_it_is_not(office, make, persons):
    first = make(persons)
    withdraw(office, first.id, "A. Maker", "wrong list")
    assert load_history(office.ledger, office.store, {}).earlier == ()
    second = make(persons[1:])
    approve(office, second.id, "B. Second")
    gone = withdraw(office, second.id, "B. Second", "a list was read twice")
    assert (gone.status, gone.seen) == ("withdrawn", True)
    assert [one.id for one in load_history(office.ledger, office.store, {}).earlier] == [second.id]
    manifest = json.loads((office.ledger.folder(gone) / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["status"], manifest["withdrawn_for"]) == ("withdrawn", "a list was read twice")
    with pytest.raises(UsageError, match="withdrawn already"):
        withdraw(office, second.id, "B. Second", "again")
    with pytest.raises(UsageError, match="only a candidate"):
        approve(office, first.id, "B. Second")
    assert verify(office.ledger) == ([], [])


def test_the_same_acts_give_the_same_bytes(tmp_path, office, make, persons):
    approve(office, make(persons).id, "B. Second")
    before = {file: file.read_bytes() for file in sorted(tmp_path.rglob("*")) if file.is_file()}
    shutil.rmtree(office.ledger.releases)
    shutil.rmtree(office.store)
    approve(office, make(persons).id, "B. Second")
    assert {file: file.read_bytes() for file in sorted(tmp_path.rglob("*")) if file.is_file()} == before


def test_a_draft_of_the_same_figures_becomes_the_candidate(office, make, persons, cubes, written):
    draft = make_release(*written(cubes["counted"](persons)), office.ledger.releases, Protection(), {"sources": []})
    assert verify(office.ledger)[1] == [f"{draft.path}: a draft for the office; not listed, must not be passed on"]
    assert make(persons).id == draft.id
    assert load_release(draft.path).standing["status"] == "candidate"
    assert verify(office.ledger) == ([], [])


def killed_at(step, folder, act):
    """Do the act in a process that is killed at this change of a file below the folder. Whether it was killed."""
    child = os.fork()
    if not child:
        changes = itertools.count(1)

        def watch(event, given):
            writes = event in CHANGES or (event == "open" and given[1] is None and given[2] & (os.O_WRONLY | os.O_RDWR))
            writes = writes or (event == "open" and str(given[1] or "r")[0] in "wax")
            if writes and str(given[0]).startswith(str(folder)) and next(changes) == step:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(watch)
        try:
            act()
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod"}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system that forks")
@pytest.mark.parametrize("verb", ["make", "approve", "withdraw"])
def test_who_is_killed_at_any_step_leaves_an_office_that_goes_on(office, make, persons, tmp_path, verb):
    listed = None if verb == "make" else make(persons)
    acts = {
        "make": lambda: make(persons),
        "approve": lambda: approve(office, listed.id, "B. Second"),
        "withdraw": lambda: withdraw(office, listed.id, "A. Maker", "a list was missing"),
    }
    (tmp_path / "releases").mkdir(exist_ok=True)
    before = len(office.ledger.entries())
    shutil.copytree(tmp_path, tmp_path.with_name(f"{tmp_path.name}-before"))
    outcomes = set()
    for step in itertools.count(1):
        if not killed_at(step, tmp_path, acts[verb]):
            break
        office.ledger.finish()
        done = len(office.ledger.entries()) > before
        outcomes.add(done)
        if not done:
            acts[verb]()
        assert len(office.ledger.entries()) == before + 1
        assert verify(office.ledger, store=office.store) == ([], [])
        assert not list(tmp_path.rglob(".*")), step
        shutil.rmtree(tmp_path)
        shutil.copytree(tmp_path.with_name(f"{tmp_path.name}-before"), tmp_path)
    assert outcomes == {False, True}, "killed both before and after the act could be ended"
    assert step > 5


def test_altered_missing_and_unlisted_folders_are_named(office, make, persons):
    listed = make(persons)
    folder = office.ledger.folder(listed)
    shutil.copytree(folder, folder.with_name("copy"))
    assert verify(office.ledger)[0] == [f"{folder.with_name('copy')}: a release folder that the ledger does not list"]
    shutil.rmtree(folder.with_name("copy"))
    manifest = folder / "manifest.json"
    whole = manifest.read_text(encoding="utf-8")
    manifest.write_text(whole.replace("A. Maker", "Somebody"), encoding="utf-8")
    assert verify(office.ledger)[0] == [f"{manifest}: altered: not as the ledger has it"]
    for act in (lambda: approve(office, listed.id, "B. Second"), lambda: withdraw(office, listed.id, "B.", "x")):
        with pytest.raises(RefusedError, match="altered"):
            act()
    manifest.write_text(whole, encoding="utf-8")
    assert verify(office.ledger, head="0" * 64)[0][0].startswith(f"{office.ledger.path}: no entry has the hash")
    shutil.rmtree(folder)
    assert verify(office.ledger)[0] == [f"{folder}: release {listed.id} is listed, but its folder is missing"]


@pytest.mark.parametrize("what", ["folder", "cube.csv", "true figures", "true figures altered"])
def test_a_new_release_is_refused_where_an_earlier_one_is_missing_or_altered(office, make, persons, cubes, what):
    listed = make(persons)
    kept = office.store / f"{listed.id}.parquet"
    if what == "folder":
        shutil.rmtree(office.ledger.folder(listed))
    elif what == "cube.csv":
        (office.ledger.folder(listed) / "cube.csv").write_text("x", encoding="utf-8")
    elif what == "true figures":
        kept.unlink()
    else:
        other = cubes["counted"]([*persons, *cubes["group"](30)])
        confidential.keep_true_rows(office.store, listed.id, other)
    with pytest.raises(RefusedError, match=listed.id):
        make([*persons, *cubes["group"](30)])


def test_true_figures_that_are_gone_are_noted_and_a_hidden_one_altered_is_a_fault(office, make, persons):
    listed = make(persons)
    kept = office.store / f"{listed.id}.parquet"
    assert verify(office.ledger, store=office.store) == ([], [])
    table, whole = pq.read_table(kept), kept.read_bytes()
    published = load_release(office.ledger.folder(listed)).cube["value"].to_pylist()
    hidden = published.index(None)
    values = table["value"].to_pylist()
    values[hidden] = (values[hidden] or 0.0) + 1
    place = table.schema.get_field_index("value")
    pq.write_table(table.set_column(place, table.schema.field(place), pa.array(values, pa.float64())), kept)
    (fault,), notes = verify(office.ledger, store=office.store)
    assert (f"{listed.id}.parquet: altered" in fault, notes) == (True, [])
    kept.write_bytes(whole)
    pq.write_table(table.replace_schema_metadata({}), kept)
    faults, (note,) = verify(office.ledger, store=office.store)
    assert (faults, "without a hash" in note) == ([], True)
    kept.unlink()
    faults, (note,) = verify(office.ledger, store=office.store)
    assert (faults, f"{listed.id}.parquet: missing" in note) == ([], True)


@pytest.mark.parametrize("place", ["ledger", "true figures", "folder"])
def test_a_full_disk_leaves_nothing_half_written(office, make, persons, monkeypatch, place):
    def full(*_given, **_more):
        raise OSError(28, "No space left on device")

    target = {
        "ledger": "palermo.release.ledger._write_through",
        "true figures": "palermo.release.confidential.os.fsync",
        "folder": "palermo.release.freeze.write_json",
    }[place]
    with monkeypatch.context() as patched:
        patched.setattr(target, full)
        with pytest.raises(OSError, match="No space left"):
            make(persons)
    assert [file.name for file in office.ledger.releases.iterdir() if file.name != ".ledger.jsonl.part"] == []
    assert not office.store.exists() or list(office.store.iterdir()) == []
    assert make(persons).status == "candidate"


def test_a_file_that_cannot_grow_leaves_nothing_half_written(office, make, persons):
    """The limit of the system on the size of a file, as a disk that is full while freezing."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3000, hard))
    try:
        with pytest.raises(OSError, match="File too large"):
            make(persons)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(office.ledger.releases.iterdir()) == []


def test_an_approval_that_cannot_be_listed_leaves_the_manifest(office, make, persons, monkeypatch):
    listed = make(persons)
    before = (office.ledger.folder(listed) / "manifest.json").read_bytes()

    def full(*_given):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("palermo.release.ledger._write_through", full)
    with pytest.raises(OSError, match="No space left"):
        approve(office, listed.id, "B. Second")
    assert (office.ledger.folder(listed) / "manifest.json").read_bytes() == before
    assert office.ledger.listed()[listed.id].status == "candidate"


def test_what_the_attacker_finds_stops_the_approval(office, make, persons, monkeypatch):
    listed = make(persons)
    found = {"ok": False, "findings": ["t (total): hidden, but it follows that it is 3"]}
    monkeypatch.setattr(approval, "attacker_report", lambda *_given: found)
    with pytest.raises(RefusedError, match="it follows that it is 3"):
        approve(office, listed.id, "B. Second")


@pytest.fixture
def pack(tmp_path):
    """A made-up pack of open case data."""

    def made(name, **parameters):
        folder = tmp_path / name
        folder.mkdir()
        write_json(folder / "parameters.json", parameters)
        (folder / "rows.csv").write_text(f"sex\nF\n{name}\n", encoding="utf-8")
        files = {file.name: file_sha256(file) for file in folder.iterdir()}
        write_json(folder / "manifest.json", {"format": "palermo-synthetic-1", "id": id_of(files), "files": files})
        return folder

    return made


def test_a_pack_is_listed_charged_and_approved(office, pack):
    listed = list_pack(office, pack("one", rho=0.125, epsilon=4.0), Request("A. Maker"), "shelter", (12.0, 1e-9))
    assert listed.made.rho == {"shelter": "1/8"}
    approved, _ = approve(office, listed.id, "B. Second")
    assert approved.status == "approved"
    assert verify(office.ledger) == ([], [])
    with pytest.raises(RefusedError, match=r"source shelter: the budget is epsilon 4 .*made by A\. Maker"):
        list_pack(office, pack("two", rho=0.25), Request("A. Maker"), "shelter", (4.0, 1e-9))
    assert len(office.ledger.listed()) == 1


def test_a_pack_without_noise_is_listed_as_what_it_is(office, pack):
    listed = list_pack(office, pack("one", k=10), Request("A. Maker"), "shelter", (4.0, 1e-9))
    assert (listed.made.kind, listed.made.rho) == ("k_anonymous", {"shelter": "0"})


def test_a_k_anonymous_file_and_tables_of_the_same_list_are_not_listed_both(office, make, persons, pack, monkeypatch):
    tables = make(persons)
    with pytest.raises(
        RefusedError, match=r"source police: a k-anonymous file beside release .*withdraw that candidate"
    ):
        list_pack(office, pack("one", k=10), Request("A. Maker"), "police", None)
    other = list_pack(office, pack("two", k=10), Request("A. Maker"), "shelter", None)
    noisy = list_pack(office, pack("three", rho=0.1), Request("A. Maker"), "police", None)
    assert [one.status for one in (other, noisy)] == ["candidate", "candidate"]
    withdraw(office, tables.id, "A. Maker", "a file instead")
    file = list_pack(office, pack("four", k=10), Request("A. Maker"), "police", None)
    with pytest.raises(RefusedError, match=r"source police: tables beside release .*, a k-anonymous file"):
        make(persons[:-50])
    nothing = {"ok": True, "findings": []}
    monkeypatch.setattr(approval, "attacker_report", lambda *_given: nothing)
    approve(office, file.id, "B. Second")
    with pytest.raises(RefusedError, match="it has been approved, so it stays seen"):
        list_pack(office, pack("five", k=10), Request("A. Maker"), "police", None)


def test_two_k_anonymous_candidates_listed_by_hand_are_not_approved(office, pack, monkeypatch):
    first = list_pack(office, pack("one", k=10), Request("A. Maker"), "police", None)
    with monkeypatch.context() as before:
        before.setattr("palermo.release.packs.check_alone", lambda *_given: None)
        list_pack(office, pack("two", k=10), Request("A. Maker"), "police", None)
    with pytest.raises(RefusedError, match="compared with nothing"):
        approve(office, first.id, "B. Second")


def test_a_pack_with_a_seed_altered_or_of_tables_is_refused(office, pack):
    with pytest.raises(RefusedError, match="NOT PRIVATE"):
        list_pack(office, pack("one", rho=0.1, seed=1), Request("A."), "shelter", None)
    folder = pack("two", rho=0.1)
    (folder / "rows.csv").write_text("other", encoding="utf-8")
    with pytest.raises(PalermoError, match=r"rows\.csv: changed"):
        list_pack(office, folder, Request("A."), "shelter", None)
    write_json(folder / "manifest.json", {"format": "palermo-release-1", "files": {}})
    with pytest.raises(UsageError, match="not a pack"):
        list_pack(office, folder, Request("A."), "shelter", None)
    assert office.ledger.listed() == {}
