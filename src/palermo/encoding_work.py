"""What ``palermo encode`` does at home, and ``palermo link`` with what was sent: files in, files and a summary out.

The decision a reader would question: files of encodings are known by what they hold, not by their name, and never
linked together with a file that holds names. Whoever may hold both could match them.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from palermo.errors import RefusedError, UsageError
from palermo.intake.schema import IDENTITIES
from palermo.linkage.encoding.at_home import encode_file
from palermo.linkage.encoding.attack_controls import self_test
from palermo.linkage.encoding.file import HEAD
from palermo.linkage.encoding.keys import Key, read_key, read_share, restore, split, write_key, write_share
from palermo.linkage.encoding.link import link_encodings
from palermo.linkage.encoding.parameters import Parameters, read_parameters
from palermo.linkage.plain_file import PlainOptions, identities, read_file
from palermo.linkage.plain_mapping import read_mapping
from palermo.linkage.prepare import prepare_table
from palermo.linkage.schema import PREPARED
from palermo.linkage_report import BY_ENCODINGS, Rule, Scored, Summary, finish, write_found
from palermo.progress import Progress

ENDING = ".enc"
_PARQUET = b"PAR1"


@dataclass(frozen=True)
class HomeList:
    """How a list is read at home: its name, its columns, and the column of its record numbers, if it has one."""

    name: str | None = None
    mapping: Path | None = None
    record: str | None = None
    text_encoding: str | None = None


def are_encodings(files: Sequence[Path]) -> bool:
    """Whether files of encodings are to be linked. Refused where some are and others hold names."""
    found = [path for path in files if _is_encodings(path)]
    if not found or len(found) == len(files):
        return bool(found)
    other = next(path for path in files if path not in found)
    raise RefusedError(
        f"{found[0]} holds encodings and {other} does not. Names and encodings are never linked together: encode all "
        "lists with the key of the project (palermo encode), or link all in clear."
    )


def _is_encodings(path: Path) -> bool:
    if not path.is_file():
        return path.suffix == ENDING
    with path.open("rb") as file:
        if file.read(4) != _PARQUET:
            return path.suffix == ENDING
    try:
        return HEAD in (pq.read_schema(path).metadata or {})
    except (pa.ArrowInvalid, OSError):
        return path.suffix == ENDING  # cut short: reading it says so


def link_encoded(files: Sequence[Path], out: Path, rule: Rule, progress: Progress) -> Summary:
    """Link files of encodings and write memberships, pairs, rates and the report into ``out``."""
    if (out / "prepared.parquet").exists():
        raise RefusedError(f"{out}: holds the names of another linkage; write encodings into a folder of their own")
    with TemporaryDirectory() as scratch:  # so that nothing stands in ``out`` until all is known
        linked = link_encodings(files, Path(scratch) / "pairs.parquet", progress=progress)
        pairs, records = pq.read_table(linked.pairs), pq.read_table(linked.records)
    scored = Scored(
        pairs=pairs,
        records=records,
        kept={},
        candidates=linked.compared,
        notices=("All pairs were compared. Records go by pseudonymous ids, which only their owner can lead back.",),
        by=BY_ENCODINGS,
    )
    summary = write_found(scored, finish(scored, rule, out), out)
    return {**summary, "score": None, "key_id": linked.key_id, "parameter_hash": linked.parameter_hash}


def encode_list(file: Path, key: Path, home: HomeList, parameters: Path | None, out: Path, progress: Any) -> Summary:
    """Encode one list at home. Refused where others may read the key."""
    secret, chosen = read_key(key), _parameters(parameters)
    mapping = None if is_prepared(file) else partial(home_identities, home=home)
    out.parent.mkdir(parents=True, exist_ok=True)
    made = encode_file(file, mapping, secret, chosen, out, progress)
    return {name: str(value) if isinstance(value, Path) else value for name, value in asdict(made).items()}


def is_prepared(file: Path) -> bool:
    """Whether the file holds identities or prepared records as intake writes them."""
    try:
        names = set(pq.read_schema(file).names)
    except (pa.ArrowInvalid, OSError):
        return False
    return set(IDENTITIES.names) <= names or set(PREPARED.names) <= names


def home_identities(path: Path, home: HomeList) -> pa.Table:
    """The list as IDENTITIES. Raises ``UsageError`` where the file or a column is not there."""
    if not path.is_file():
        raise UsageError(f"{path}: no such file.")
    options = PlainOptions(record=home.record, encoding=home.text_encoding)
    mapping = read_mapping(home.mapping) if home.mapping is not None else None
    return identities(read_file(path, home.name or path.stem, options, mapping))


def _parameters(path: Path | None) -> Parameters:
    return Parameters() if path is None else read_parameters(path)


def attack_list(
    file: Path, key: Path, home: HomeList, parameters: Path | None, dictionary: Path | None
) -> tuple[Summary, bool]:
    """The self-test of one list: what could be read from its encodings without the key; and whether it was broken."""
    known = _prepared(dictionary, HomeList(text_encoding=home.text_encoding)) if dictionary is not None else None
    found = self_test(_prepared(file, home), read_key(key), _parameters(parameters), known)
    attempts = [{**asdict(one), "broken": one.broken, "share": one.share} for one in found.report.attempts]
    summary = {
        "records": found.report.records,
        "distinct": found.report.distinct,
        "broken": found.report.broken,
        "attempts": attempts,
        "conditions": [one.needs for one in found.report.conditions],
        "weak_builds_not_broken": list(found.unbroken),
        "lines": found.lines(),
    }
    return summary, found.report.broken


def _prepared(file: Path, home: HomeList) -> pa.Table:
    if not is_prepared(file):
        return prepare_table(home_identities(file, home))
    table = pq.read_table(file)
    return table.select(PREPARED.names) if set(PREPARED.names) <= set(table.column_names) else prepare_table(table)


def split_key(path: Path, shares: int, needed: int, folder: Path) -> Summary:
    """Write one share for each owner into ``folder``; none where one of the files exists."""
    key = read_key(path)
    made = split(key, shares, needed)
    files = [folder / f"{path.stem}.share-{one.number}.json" for one in made]
    if there := [file for file in files if file.exists()]:
        raise RefusedError(f"{there[0]}: exists already. A share is never written over; choose another folder.")
    folder.mkdir(parents=True, exist_ok=True)
    for share, file in zip(made, files, strict=True):
        write_share(share, file)
    return {"project": key.project, "key_id": key.id, "needed": needed, "shares": [str(file) for file in files]}


def join_key(shares: Sequence[Path], out: Path) -> Summary:
    """Restore the key from its shares into ``out``."""
    key: Key = restore([read_share(path) for path in shares])
    out.parent.mkdir(parents=True, exist_ok=True)
    write_key(key, out)
    return {"key": str(out), "project": key.project, "key_id": key.id}
