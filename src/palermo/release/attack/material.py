"""What was given to attack: release folders, tables of a plan, packs of open case data, plain files, ledgers.

The decision a reader would question: a folder is known by the files in it, not by its manifest, because a folder with a
missing or altered manifest is what an attacker may well hold.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from palermo.errors import PalermoError, UsageError
from palermo.release.attack.long_table import LongTable, is_table, read_table
from palermo.release.ledger import FILE as LEDGER
from palermo.release.tables.published import DESCRIPTION

ROWS, COUNTS, PARAMETERS = "rows.csv", "counts.parquet", "parameters.json"
_OF_RELEASE = ("cube.csv", "cube.parquet")
_FILES = (".csv", ".parquet", ".xlsx", ".gz")
_WORKSPACE = "palermo.toml"


@dataclass(frozen=True)
class OpenData:
    """A pack: its folder, its file of rows, and what it says of how it was made (empty for a plain file of rows)."""

    path: Path
    rows: Path
    parameters: dict[str, Any]

    @classmethod
    def of(cls, folder: Path) -> "OpenData":
        """The pack in a folder."""
        return cls(folder, folder / ROWS, _parameters(folder / PARAMETERS))

    @property
    def k(self) -> int | None:
        """The k of a k-anonymous file."""
        k = self.parameters.get("k")
        return int(k) if k is not None else None

    @property
    def is_noisy(self) -> bool:
        """Whether it promises differential privacy."""
        return "epsilon" in self.parameters

    @property
    def name(self) -> str:
        """The name that findings use: no more of the path than its end."""
        return self.path.name


@dataclass(frozen=True)
class Material:
    """All that was given, by what it is."""

    accounts: tuple[Path, ...] = ()
    plans: tuple[Path, ...] = ()
    packs: tuple[OpenData, ...] = ()
    tables: tuple[LongTable, ...] = ()
    ledgers: tuple[Path, ...] = ()
    everything: tuple[Path, ...] = ()
    unread: tuple[tuple[Path, str], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of what was given."""
        return tuple(path.name for path in self.everything)


@dataclass(frozen=True)
class Reading:
    """How plain files are read: the column of counts where it is not found by its name, and the default k."""

    value: str | None = None
    k: int = 5


def gather(paths: Sequence[Path], reading: Reading) -> Material:
    """Sort what was given. Raises ``UsageError`` where a path is nothing that can be attacked."""
    accounts: list[Path] = []
    plans: list[Path] = []
    packs: list[OpenData] = []
    tables: list[LongTable] = []
    ledgers: list[Path] = []
    unread: list[tuple[Path, str]] = []
    for path in _spread(paths):
        if path.name in _OF_RELEASE and (path.parent / "metadata.json").is_file():
            accounts += [] if path.parent in accounts else [path.parent]  # one file of a release stands for all of it
        elif path.is_file():
            try:
                _file(path, reading, packs, tables)
            except PalermoError as error:
                if path in paths:  # named by the user, so it must be readable
                    raise
                unread.append((path, str(error)))
        elif (path / LEDGER).is_file():
            ledgers.append(path)
        elif (path / "cube.parquet").is_file():
            accounts.append(path)
        elif (path / DESCRIPTION).is_file() and _hides(path / DESCRIPTION):
            plans.append(path)
        elif (path / DESCRIPTION).is_file():
            tables += [read_table(file, reading.value, reading.k) for file in sorted(path.glob("*.csv"))]
        else:
            packs.append(OpenData.of(path))
    return Material(
        tuple(accounts),
        tuple(plans),
        tuple(packs),
        tuple(tables),
        tuple(ledgers),
        tuple(paths),
        tuple(unread),
    )


def _spread(paths: Sequence[Path]) -> Iterator[Path]:
    """Each path, and in place of a folder of releases those that it holds."""
    for path in paths:
        if not path.exists():
            raise UsageError(f"{path}: no such file or folder; expected a release, a pack or a table")
        home = path / "releases" if (path / _WORKSPACE).is_file() else path
        if path.is_file() or _is_one(path):
            yield path
            continue
        inside = sorted(one for one in home.iterdir() if not one.name.startswith(".")) if home.is_dir() else []
        held = [one for one in inside if one.is_dir() and _is_one(one)]
        files = [one for one in inside if one.is_file() and one.suffix in _FILES]
        if (home / LEDGER).is_file():
            yield home
            files = []
        if not held and not files and not (home / LEDGER).is_file():
            raise UsageError(
                f"{path}: holds nothing that can be attacked; expected a release (cube.parquet), tables "
                f"({DESCRIPTION}), a pack ({ROWS}), or CSV, Parquet or XLSX files"
            )
        yield from held or files


def _is_one(folder: Path) -> bool:
    return any((folder / name).is_file() for name in ("cube.parquet", DESCRIPTION, ROWS))


def _file(path: Path, reading: Reading, packs: list[OpenData], tables: list[LongTable]) -> None:
    if is_table(path, reading.value):
        tables.append(read_table(path, reading.value, reading.k))
    else:
        packs.append(OpenData(path, path, {}))


def _hides(description: Path) -> bool:
    """Whether tables of a plan hide counts; rounded and noisy ones are attacked as plain tables."""
    return str(_parameters(description).get("method", "suppress")) == "suppress"


def _parameters(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
