"""Hashes, and the memory of what a stage last ran on."""

import json

import pytest

from palermo.errors import RefusedError
from palermo.provenance import StageMemory, code_version, file_sha256, fingerprint, write_json


@pytest.fixture
def memory(tmp_path):
    return StageMemory(tmp_path / "work" / "stages.json")


def test_code_version_names_version_and_code():
    version, _, code = code_version().partition("+")
    assert version.count(".") == 2
    assert len(code) == 8


def test_hash_of_a_folder_changes_with_names_and_content(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a").write_text("1")
    first = file_sha256(folder)
    (folder / "a").rename(folder / "b")
    renamed = file_sha256(folder)
    (folder / "b").write_text("2")
    assert len({first, renamed, file_sha256(folder)}) == 3


def test_fingerprint_does_not_depend_on_order():
    assert fingerprint({"a": 1, "b": [2]}) == fingerprint({"b": [2], "a": 1})
    assert fingerprint({"a": 1}) != fingerprint({"a": 2})


def test_a_stage_runs_once_on_the_same_inputs(memory, tmp_path):
    runs = []

    def act():
        runs.append(1)
        out = tmp_path / "out.txt"
        out.write_text("x")
        return {"rows": len(runs)}, (out,)

    assert memory.once("intake", {"file": "1"}, act) == ({"rows": 1}, False)
    assert memory.once("intake", {"file": "1"}, act) == ({"rows": 1}, True)
    assert memory.once("intake", {"file": "2"}, act) == ({"rows": 2}, False)
    assert memory.last("intake") == {"rows": 2}


def test_a_stage_runs_again_when_its_file_is_gone(memory, tmp_path):
    out = tmp_path / "out.txt"

    def act():
        out.write_text("x")
        return {}, (out,)

    memory.once("account", {}, act)
    out.unlink()
    assert memory.once("account", {}, act)[1] is False


@pytest.mark.parametrize(
    ("stage", "verb"), [("account", "account"), ("intake police", "intake"), ("linkage pairs", "link")]
)
def test_a_file_altered_since_is_refused_until_it_is_deleted(memory, stage, verb):
    out = memory.path.parent / "cube.parquet"
    out.parent.mkdir()
    runs = []

    def act():
        runs.append(1)
        out.write_text("120")
        return {}, (out,)

    memory.once(stage, {}, act)
    out.write_text("121")
    for _ in range(2):
        with pytest.raises(RefusedError, match=f"cube.parquet: altered since the stage '{stage}'.*palermo {verb}$"):
            memory.once(stage, {}, act)
    out.unlink()
    assert memory.once(stage, {}, act)[1] is False
    assert (out.read_text(), len(runs)) == ("120", 2)


@pytest.mark.parametrize("name", ["work/bad-rows.csv", "work/quality.html", "report/data.json"])
def test_what_people_open_may_be_saved_by_them(memory, tmp_path, name):
    out = tmp_path / name

    def act():
        out.parent.mkdir(exist_ok=True)
        out.write_text("a")
        return {}, (out,)

    memory.once("intake police", {}, act)
    out.write_text("b")
    assert memory.once("intake police", {}, act)[1] is True


@pytest.mark.parametrize("entry", ["1", "[]", "{}", '{"fingerprint": "x", "files": ["a"], "summary": {}}'])
def test_a_damaged_entry_is_none(memory, entry):
    memory.path.parent.mkdir()
    memory.path.write_text(f'{{"intake": {entry}}}')
    assert memory.recall("intake", "x") is None
    with pytest.raises(KeyError):
        memory.last("intake")


def test_a_stage_that_fails_is_not_remembered(memory):
    def fail():
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        memory.once("release", {}, fail)
    with pytest.raises(KeyError):
        memory.last("release")


def test_a_damaged_memory_is_no_memory(memory):
    memory.path.parent.mkdir()
    for content in (b"{ not json", b"\xff\xfe", b"[]"):
        memory.path.write_bytes(content)
        assert memory.recall("intake", "x") is None


def test_json_is_written_whole_or_not_at_all(tmp_path):
    file = tmp_path / "a.json"
    write_json(file, {"b": 1, "a": [1, 2]})
    assert json.loads(file.read_text()) == {"a": [1, 2], "b": 1}
    circular = {}
    circular["self"] = circular
    with pytest.raises(ValueError, match="Circular"):
        write_json(file, circular)
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.json"]
    assert json.loads(file.read_text()) == {"a": [1, 2], "b": 1}
