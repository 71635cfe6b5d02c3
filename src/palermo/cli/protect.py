"""``palermo protect``: protected tables, linked and hierarchical, from confidential rows or counts."""

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from palermo.cli.options import Json, LeaveOut, Of
from palermo.console import print_json, print_table, say, second_stop_ends, step
from palermo.errors import RefusedError, UsageError

EPILOG = (
    "Examples: palermo protect cases.csv --dimensions country,sex,age --areas country --out tables · "
    "palermo protect counts.csv --spec tables.toml --value persons --out tables · "
    "palermo protect cases.csv --spec tables.toml --plan-only · "
    "palermo protect tip/police.csv --spec tables.toml --leave-out sealed.txt --person case --out tables"
)


class Zeros(StrEnum):
    """Which zeros are hidden."""

    PUBLISH = "publish"
    SMALL = "small"
    HIDE = "hide"


class Level(StrEnum):
    """How much doubt a hidden count leaves."""

    WIDTH = "width"
    EXACT = "exact"


def protect(
    file: Annotated[
        Path, typer.Argument(help="Confidential CSV (also .gz) or Parquet: one row a person, or one row a count.")
    ],
    out: Annotated[Path | None, typer.Option(help="Folder to make, which may be published.")] = None,
    dimensions: Annotated[
        str | None, typer.Option(help="Columns of one table with all its margins, for example country,sex,age.")
    ] = None,
    spec: Annotated[Path | None, typer.Option(help="TOML with dimensions, groups and several tables.")] = None,
    areas: Annotated[
        str | None, typer.Option(help="With --dimensions: columns of countries, which are put into regions.")
    ] = None,
    value: Annotated[str | None, typer.Option(help="Column of the count, where a row is a count.")] = None,
    k: Annotated[int, typer.Option(help="Counts of 1 to k - 1 are small.")] = 5,
    zeros: Annotated[
        Zeros, typer.Option(help="small: hide zeros beside a small count; hide: all; publish: none.")
    ] = Zeros.SMALL,
    level: Annotated[
        Level, typer.Option(help="width: every hidden count may be k apart; exact: none is known exactly (weaker).")
    ] = Level.WIDTH,
    source: Annotated[str | None, typer.Option(help="Column of the list a person comes from, for --dominance.")] = None,
    dominance: Annotated[
        float | None, typer.Option(help="Hide counts of which one source gives more than so many per cent.")
    ] = None,
    sealed: Annotated[
        str | None, typer.Option(help="Column that marks sealed persons: never counted in a small area.")
    ] = None,
    sealed_area: Annotated[str | None, typer.Option(help="Dimension of the areas, for --sealed.")] = None,
    leave_out: LeaveOut = None,
    person: Annotated[str | None, typer.Option(help="Column of the person's id, for --leave-out.")] = None,
    workspace: Of = None,
    sealed_persons: Annotated[int, typer.Option(min=2, help="Persons that such an area must hold.")] = 100,
    plan_only: Annotated[bool, typer.Option("--plan-only", help="Say what would be hidden; write nothing.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace protected tables that nobody has seen.")] = False,
    as_json: Json = False,
) -> None:
    """Hide small counts, and as few others as it takes so that none can be worked out from all tables together."""
    from palermo.release.tables.folder import check_tables_folder, write_tables_folder
    from palermo.release.tables.protection import protect_tables
    from palermo.release.tables.reading import read_rows
    from palermo.release.tables.specification import Dominance, Rules, Sealed
    from palermo.sealed_rows import refuse_sealed_rows, without

    if (dimensions is None) == (spec is None):
        raise UsageError("say what to publish: either --dimensions COLUMN,COLUMN or --spec FILE.toml")
    if out is None and not plan_only:
        raise UsageError("no folder: give --out DIR, or --plan-only to see what would be hidden")
    if (source is None) != (dominance is None):
        raise UsageError("the rule of dominance needs both --source COLUMN and --dominance PERCENT")
    if out is not None and not plan_only:
        check_tables_folder(out, force)
    refuse_sealed_rows(file, workspace, leave_out)
    rows = read_rows(file)
    rows = rows if leave_out is None else without(rows, leave_out, person, file)
    if not rows.num_rows:
        raise UsageError(f"{file}: no rows; expected one row a person, or --value COLUMN and one row a count")
    rows, specification, no_countries = _tables(file, rows, (dimensions, spec), areas, value is not None)
    rules = Rules(
        k,
        zeros.value,
        level.value,
        dominance=Dominance(dominance, k) if dominance is not None else None,
        sealed=Sealed(_area(sealed_area, specification), sealed_persons) if sealed is not None else None,
    )
    with second_stop_ends(as_json), step(f"Protecting tables of {file.name}", quiet=as_json) as progress:
        try:
            plan = protect_tables(
                rows, specification, rules, value=value, source=source, sealed=sealed, progress=progress
            )
        except (UsageError, RefusedError) as error:
            raise type(error)(f"{file}: {error}") from None
        if not plan.proved.ok:
            raise RefusedError(
                f"{plan.proved.exact + plan.proved.small + plan.proved.narrow} hidden counts could be worked out and "
                "nothing more to hide helps; nothing is written. Publish coarser tables"
            )
        files = write_tables_folder(plan, out) if out is not None and not plan_only else []
    told = {
        "file": file.name,
        "rows": rows.num_rows,
        "tables": [asdict(loss) for loss in plan.losses],
        "proved": {**asdict(plan.proved), "ok": plan.proved.ok},
        "no_countries": list(no_countries),
        "k": k,
        "out": str(out) if files else None,
        "files": files,
    }
    if as_json:
        print_json(told)
        return
    _show(told)


def _tables(
    file: Path, rows: Any, given: tuple[str | None, Path | None], areas: str | None, counts: bool
) -> tuple[Any, Any, tuple[str, ...]]:
    from palermo.release.tables.asked import asked_for, without_totals
    from palermo.release.tables.specification_file import read_specification

    dimensions, spec = given
    if spec is not None:
        if areas is not None:
            raise UsageError(f"--areas goes with --dimensions; in {spec} write areas = true in the dimension")
        return rows, read_specification(spec, without_totals(rows) if counts else rows), ()
    try:
        asked = asked_for(rows, _names(dimensions), _names(areas))
    except UsageError as error:
        raise UsageError(f"{file}: {error}") from None
    return asked.rows, asked.specification, asked.no_countries


def _names(text: str | None) -> list[str]:
    return [name.strip() for name in (text or "").split(",") if name.strip()]


def _area(name: str | None, specification: Any) -> str:
    """The dimension of the areas: the one named, or the only one with groups."""
    grouped = [one.name for one in specification.dimensions if one.groups]
    if name is None and len(grouped) != 1:
        raise UsageError("--sealed needs the dimension of the areas: give --sealed-area NAME")
    known = [one.name for one in specification.dimensions]
    if name is not None and name not in known:
        raise UsageError(f"--sealed-area {name}: no such dimension; dimensions: {', '.join(known)}")
    return name or grouped[0]


def _show(told: dict[str, Any]) -> None:
    header = ("table", "cells", "not zero", "hidden first", "hidden to guard", "persons hidden")
    print_table("What is lost (for the office)", header, [tuple(one.values()) for one in told["tables"]])
    proved = told["proved"]
    say(
        f"{proved['hidden']:,} counts hidden. Known exactly: {proved['exact']}; known to be fewer than {told['k']}: "
        f"{proved['small']}; too closely: {proved['narrow']}. A reader's bounds are {proved['median_width']:.0f} apart "
        "(median)."
    )
    if proved["fractional"]:
        say(f"{proved['fractional']:,} of them are proved by tables with fractions, not by whole numbers of persons.")
    if told["no_countries"]:
        strange = ", ".join(repr(text) for text in told["no_countries"][:5])
        say(f"Values that are no country, counted in the region _UR: {strange}")
    if told["out"]:
        say(f"Wrote {told['out']}: {', '.join(told['files'])}. Try to break it: palermo attack {told['out']}")
    else:
        say("Nothing is written (--plan-only).")
