"""``palermo release tables``: tables of counts protected otherwise than by hiding, which is ``palermo protect``."""

import secrets
from contextlib import suppress
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any

import typer

from palermo.cli.options import Json, LeaveOut, Of
from palermo.console import print_json, say, step
from palermo.errors import RefusedError, UsageError

_SHORTEST_KEY = 16


class Method(StrEnum):
    """How small counts are protected."""

    ROUND = "round"
    CELL_KEY = "cell_key"
    PRIVATE = "private"


class Law(StrEnum):
    """Laws of noise."""

    AUTO = "auto"
    LAPLACE = "laplace"
    GAUSSIAN = "gaussian"


class Which(StrEnum):
    """Which counts are rounded."""

    SMALL = "small"
    FULL = "full"


def tables(
    file: Annotated[Path, typer.Argument(help="Confidential CSV (also .gz) or Parquet, one row a person.")],
    spec: Annotated[Path, typer.Option(help="TOML with dimensions, groups and tables; no tables: all margins.")],
    out: Annotated[Path, typer.Option(help="Folder for the tables.")],
    method: Annotated[Method, typer.Option(help="How small counts are protected.")],
    k: Annotated[int, typer.Option(min=2, help="Counts of 1 to k - 1 are small.")] = 5,
    base: Annotated[int, typer.Option(min=2, help="round: multiples of so many.")] = 5,
    which: Annotated[Which, typer.Option(help="round: only small counts, or all.")] = Which.SMALL,
    person: Annotated[
        str | None,
        typer.Option(help="Column of the person's id: nobody is counted twice. cell_key and --leave-out need it."),
    ] = None,
    key_file: Annotated[
        Path | None, typer.Option(help="cell_key: SECRET file of the release key; made where it is not there.")
    ] = None,
    reach: Annotated[int, typer.Option(min=1, help="cell_key: most that a count is changed.")] = 4,
    variance: Annotated[float, typer.Option(help="cell_key: variance of the noise.")] = 2.0,
    epsilon: Annotated[float | None, typer.Option(help="private: 1 protects well, 4 little.")] = None,
    delta: Annotated[float, typer.Option(help="private: 0, or far below one over the persons.")] = 0.0,
    law: Annotated[Law, typer.Option(help="private: law of the noise; auto takes that of less variance.")] = Law.AUTO,
    leave_out: LeaveOut = None,
    workspace: Of = None,
    rows_per_person: Annotated[int, typer.Option(min=1, help="private: most rows that a person has.")] = 1,
    as_json: Json = False,
) -> None:
    """Protect tables of counts by rounding, cell keys or noise; each says in plain words what it costs."""
    from palermo.release.tables.alternatives.choice import Settings, protect_by
    from palermo.release.tables.alternatives.controlled_rounding import Rounding
    from palermo.release.tables.alternatives.perturbation import Noise
    from palermo.release.tables.alternatives.private_tables import Privacy
    from palermo.release.tables.alternatives.written import write_protected
    from palermo.release.tables.reading import read_rows
    from palermo.release.tables.specification import Rules
    from palermo.release.tables.specification_file import read_specification
    from palermo.sealed_rows import refuse_sealed_rows, without

    settings = Settings(
        Rules(k),
        Rounding(base, which.value),
        Noise(reach, Fraction(variance).limit_denominator(1000)) if method is Method.CELL_KEY else Noise(),
        _key(key_file, out) if method is Method.CELL_KEY else None,
        _privacy(Privacy, epsilon, (delta, law.value), rows_per_person) if method is Method.PRIVATE else None,
    )
    refuse_sealed_rows(file, workspace, leave_out)
    rows = read_rows(file)
    rows = rows if leave_out is None else without(rows, leave_out, person, file)
    asked = read_specification(spec, rows, public_codes=method is Method.PRIVATE)
    with step("Protecting tables", quiet=as_json) as progress:
        made = protect_by(rows, asked, method.value, settings, person=person, progress=progress)
        written = write_protected(made, out)
    told = {**made.description(), "files": [path.name for path in written]}
    if as_json:
        print_json(told)
        return
    say(f"Wrote {out}: {len(written) - 2:,} tables. {made.trade_off.words()}")


def _privacy(kind: Any, epsilon: float | None, noise: tuple[float, str], rows_per_person: int) -> Any:
    if epsilon is None:
        raise UsageError("no epsilon: give --epsilon, for example 1 (protects well) or 4")
    return kind(epsilon, *noise, rows_per_person=rows_per_person)


def _key(path: Path | None, out: Path) -> bytes:
    """The release key, drawn from the system's randomness where the file is not there yet."""
    from palermo.private_files import is_shared, write_private_text

    if path is None:
        raise UsageError("cell keys need --key-file, the SECRET file of the release key; it is made where not there")
    if out.resolve() in path.resolve().parents:
        raise UsageError(f"{path}: the secret key would be published with the tables; keep it outside {out}")
    if not path.exists():
        with suppress(FileExistsError):  # another process was quicker: one key for both
            write_private_text(secrets.token_hex(32) + "\n", path, exclusive=True)
    if is_shared(path):
        raise RefusedError(f"{path}: others than its owner may read this key; close it with: chmod 600 {path}")
    key = path.read_bytes().strip()
    if len(key) < _SHORTEST_KEY:
        raise UsageError(f"{path}: no key, or too short a one; name a file that is not there, and one is made")
    return key
