"""The whole chain of releases made twice, in two folders: the same inputs, acts and names give the same bytes."""

import json
from pathlib import Path

import pytest

from palermo.cli.app import main

from .conftest import MAPPING, SETTINGS

FIRST = [f"c{n},{2021 + n % 2},{'F' if n % 5 else 'M'},{12 + n % 25}" for n in range(240)]
MORE = [f"d{n},{2021 + n % 2},{'F' if n % 3 else 'M'},{14 + n % 21}" for n in range(150)]
OWN = {"stages.json", "stages.lock", "release.lock"}  # in work/: where the workspace lies, and who has his turn


def act(folder: Path, *arguments: str) -> None:
    with pytest.raises(SystemExit) as left:
        main([*arguments, "--workspace", str(folder), "--json"])
    assert not left.value.code, arguments


def entries(folder: Path) -> list[dict[str, str]]:
    text = (folder / "releases" / "ledger.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def chain(folder: Path) -> dict[str, bytes]:
    """Everything that the chain leaves, by the name of the file below the workspace."""
    folder.mkdir(parents=True)
    (folder / "palermo.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    cases = folder / "cases.csv"
    cases.write_text("\n".join(["case,year,sex,age", *FIRST]) + "\n", encoding="utf-8")
    act(folder, "run")
    act(folder, "release", "make", "--by", "A. Maker")
    first = entries(folder)[0]["release"]
    act(folder, "release", "approve", first, "--by", "B. Second")
    cases.write_text("\n".join(["case,year,sex,age", *FIRST, *MORE]) + "\n", encoding="utf-8")
    act(folder, "release", "make", "--by", "A. Maker", "--replaces", first, "--reason", "late cases")
    second = entries(folder)[2]["release"]
    act(folder, "release", "approve", second, "--by", "B. Second")
    act(folder, "report")
    act(folder, "release", "withdraw", first, "--by", "B. Second", "--reason", "replaced")
    act(folder, "ledger", "export", str(folder / "copy.jsonl"))
    act(folder, "ledger", "verify")
    files = sorted(file for file in folder.rglob("*") if file.is_file() and file.name not in OWN)
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def test_the_chain_made_twice_gives_the_same_bytes(tmp_path, capsys):
    one, other = tmp_path / "one", tmp_path / "another place" / "office"
    made, again = chain(one), chain(other)
    assert [entry["action"] for entry in entries(one)] == ["made", "approved", "made", "approved", "withdrawn"]
    assert [entry["replaces"] for entry in entries(one) if entry["action"] == "made"] == [
        None, entries(one)[0]["release"]
    ]  # fmt: skip
    assert list(made) == list(again)
    assert [name for name in made if made[name] != again[name]] == []
    assert made["copy.jsonl"] == made["releases/ledger.jsonl"]
    places = [text.encode() for text in (str(tmp_path), tmp_path.name)]
    assert [name for name in made if any(place in made[name] for place in places)] == []
    assert len([name for name in made if name.startswith("releases/") and name.endswith("cube.csv")]) >= 2
    capsys.readouterr()
