"""The acts of ``palermo encode``: one request is one act, and two at once are refused before anything is written."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from palermo.console import print_json, say, step
from palermo.encoding_work import ENDING, HomeList, attack_list, encode_list, join_key, split_key
from palermo.errors import RefusedError, UsageError
from palermo.linkage.encoding.keys import destroy, new_key, write_key
from palermo.linkage.encoding.parameters import Parameters, write_parameters

REFUSED = 3
Summary = dict[str, Any]
ENCODE = "encode"


@dataclass(frozen=True)
class Encode:
    """What was asked. ``acts``: the option of each act but encoding itself, with its value; None where not given."""

    files: tuple[Path, ...]
    key: Path | None
    out: Path | None
    home: HomeList
    parameters: Path | None
    acts: dict[str, Any]
    project: str | None
    need: int
    dictionary: Path | None

    @property
    def act(self) -> str:
        """The one act. Raises ``UsageError`` where two are asked for."""
        given = [name for name, value in self.acts.items() if value is not None]
        if len(given) > 1:
            raise UsageError(f"{' and '.join(given)}: one at a time")
        return given[0] if given else ENCODE

    def the_key(self) -> Path:
        """The key file. Raises ``UsageError`` where none was named."""
        if self.key is None:
            raise UsageError("no key: name the key file of the project with --key KEYFILE (see --new-key and --join)")
        return self.key

    def the_file(self) -> Path:
        """The one list. Raises ``UsageError`` where there is none, or more."""
        if len(self.files) != 1:
            raise UsageError(f"{len(self.files)} files given; expected one: each list is encoded alone, by its owner")
        return self.files[0]


def run_encode(asked: Encode, as_json: bool) -> None:
    """Do what was asked and say it; exit code 3 where the self-test found names."""
    _ACTS[asked.act](asked, as_json)


def _told(summary: Summary, lines: list[str], as_json: bool) -> None:
    if as_json:
        print_json(summary)
        return
    for line in lines:
        say(line)


def _encode(asked: Encode, as_json: bool) -> None:
    file, key = asked.the_file(), asked.the_key()
    out = asked.out or file.with_suffix(ENDING)
    with step("Encoding", quiet=as_json) as progress:
        made = encode_list(file, key, asked.home, asked.parameters, out, progress)
    lines = [
        f"Encoded {made['records']:,} records of list {made['list']} with key {made['key_id']}.",
        f"May be sent: {made['path']} (sha256 {made['sha256'][:16]}). Pseudonymised, not anonymous.",
        f"Stays at home: {made['ids']}, which leads ids back to records, and the key.",
    ]
    if made["empty"]:
        lines.append(f"  Note: {made['empty']:,} records hold neither a name nor a date of birth and can match nobody.")
    _told(made, lines, as_json)


def _new_key(asked: Encode, as_json: bool) -> None:
    if asked.project is None:
        raise UsageError("a key belongs to one project: give the project a name with --project")
    path: Path = asked.acts["--new-key"]
    key = new_key(asked.project)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_key(key, path)
    lines = [
        f"Wrote {path}: key {key.id} of project {key.project}, for its owner alone.",
        "Split it among the owners (--split), never give it to whoever links, and destroy it when the project ends.",
    ]
    _told({"key": str(path), "project": key.project, "key_id": key.id}, lines, as_json)


def _split(asked: Encode, as_json: bool) -> None:
    key = asked.the_key()
    made = split_key(key, asked.acts["--split"], asked.need, asked.out or key.parent)
    lines = [f"Any {made['needed']} of these shares restore key {made['key_id']}; fewer tell nothing of it:"]
    lines += [f"  {path}" for path in made["shares"]]
    lines.append(f"Give each owner one on a line of its own, then destroy {key} here.")
    _told(made, lines, as_json)


def _join(asked: Encode, as_json: bool) -> None:
    if not asked.files:
        raise UsageError("no shares: name them, as in `palermo encode --join project.key a.json b.json`")
    made = join_key(asked.files, asked.acts["--join"])
    _told(made, [f"Restored key {made['key_id']} of project {made['project']} into {made['key']}."], as_json)


def _destroy(asked: Encode, as_json: bool) -> None:
    path: Path = asked.acts["--destroy"]
    said = destroy(path)
    _told({"destroyed": str(path), "note": said}, [said], as_json)


def _new_parameters(asked: Encode, as_json: bool) -> None:
    path: Path = asked.acts["--new-parameters"]
    if path.exists():
        raise RefusedError(f"{path}: exists already; encodings with other parameters cannot be compared. Name another")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_parameters(Parameters(), path)
    said = f"Wrote {path} (hash {Parameters().hash[:16]}). It is public, and every organisation must use the same."
    _told({"parameters": str(path), "parameter_hash": Parameters().hash}, [said], as_json)


def _attack(asked: Encode, as_json: bool) -> None:
    file, key = asked.the_file(), asked.the_key()
    with step("Trying to read names without the key", quiet=as_json):
        summary, broken = attack_list(file, key, asked.home, asked.parameters, asked.dictionary)
    lines = [*summary["lines"], "An attack that finds nothing does not prove safety: keep encodings as close as lists."]
    if broken:
        lines.append("NAMES WERE FOUND. Do not send encodings made in this way.")
    _told(summary, lines, as_json)
    if broken:
        raise typer.Exit(REFUSED)


_ACTS: dict[str, Callable[[Encode, bool], None]] = {
    ENCODE: _encode,
    "--new-key": _new_key,
    "--split": _split,
    "--join": _join,
    "--destroy": _destroy,
    "--new-parameters": _new_parameters,
    "--attack": _attack,
}
