"""Build the demo country: a workspace with six lists, the courts' register, a population and the truth.

A folder is replaced only where an earlier build made it; its own files alone are replaced, and what the stages wrote
stays. Everything is made in a scratch folder first and moved at the end, the settings last: a build that is
interrupted leaves the earlier country, or no workspace at all.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from palermo.demo import facts, inhabitants, justice
from palermo.demo.files import delimited, write_list
from palermo.demo.first import YEARS as FIRST_YEARS
from palermo.demo.first import courts_by_then, records_by_then
from palermo.demo.identities import draw_identities
from palermo.demo.lists import SHAPES
from palermo.demo.persons import Persons, draw_persons
from palermo.demo.records import draw_records, draw_referrals
from palermo.demo.shapes import Shape, mapping_toml
from palermo.demo.truth import FOLDER, PERSONS_FILE, Holdings, write_truth
from palermo.errors import UsageError
from palermo.progress import Progress, Tell
from palermo.settings import CLEAR, KEYS
from palermo.workspace import FILE_NAME

LEAST, MOST = 100, 5_000_000
MARK = f"# {facts.MADE_UP}: the demo country of Palermo."
SCRATCH = ".demo.part"


@dataclass(frozen=True)
class DemoResult:
    """What was built. ``persons`` is the true number of victims, hidden ones included."""

    workspace: Path
    files: tuple[Path, ...]
    persons: int
    truth: Path


def build_demo(
    out_dir: Path,
    seed: int = 1,
    persons: int = 20_000,
    progress: Progress = None,
    linkage: str = KEYS,
    *,
    first: bool = False,
) -> DemoResult:
    """Build the demo country in ``out_dir``; the same seed and number of persons give the same bytes.

    ``linkage`` is the method that its settings name. By names, it takes minutes where joining by numbers takes none.
    With ``first`` lists and settings are those of its first account, which was made a year before.

    Raises ``UsageError`` where the folder holds something else, or the number of persons is out of range.
    """
    if not LEAST <= persons <= MOST:
        raise UsageError(f"persons: found {persons:,}, expected {LEAST:,} to {MOST:,}")
    if linkage not in (KEYS, CLEAR):
        raise UsageError(f"linkage: found {linkage!r}, expected {KEYS} or {CLEAR}")
    if seed < 0:
        raise UsageError(f"seed: found {seed}, expected 0 or a larger whole number")
    _check_folder(out_dir)
    scratch = out_dir / SCRATCH
    shutil.rmtree(scratch, ignore_errors=True)
    try:
        for name in ("lists", "mappings", "population", FOLDER):
            (scratch / name).mkdir(parents=True)
        _write_country(scratch, (seed, persons), progress or _silent, first=first)
        _write_text(scratch / FILE_NAME, settings_toml(linkage, first=first))
        files = tuple(_move(scratch, out_dir))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return DemoResult(out_dir, files, persons, out_dir / FOLDER / PERSONS_FILE)


def _silent(done: float, total: float | None, text: str) -> None:
    """Tell that nobody watches."""


def _check_folder(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder}: is a file; name a folder for the demo country with --dir DIR")
    if not folder.exists() or all(item.name == SCRATCH for item in folder.iterdir()):
        return
    settings = folder / FILE_NAME
    if not settings.is_file() or not settings.read_bytes().startswith(MARK.encode()):
        raise UsageError(
            f"{folder}: holds files that the demo did not make, and they would be mixed with made-up data. "
            "Name a new or empty folder with --dir DIR"
        )


def _write_country(folder: Path, drawn: tuple[int, int], progress: Tell, *, first: bool) -> None:
    seed, count = drawn
    steps = len(SHAPES) + 3
    progress(0, steps, "persons")
    victims = draw_persons(count, seed)
    others = draw_persons(round(count * facts.NOT_VICTIMS_SHARE), seed, victims=False)
    persons = _together(victims, others)
    identities = draw_identities(seed, persons)
    referrals = draw_referrals(seed, len(persons))
    holdings = Holdings(len(persons), np.array([bool(number) for number in referrals]))
    for number, shape in enumerate(SHAPES, 1):
        progress(number, steps, shape.name)
        records = draw_records(shape.name, persons, identities, referrals, seed)
        write_list(shape, records_by_then(shape.name, records) if first else records, folder / "lists")
        holdings.add(shape.name, records)
        _write_text(folder / "mappings" / f"{shape.name}.toml", mapping_toml(shape))
    progress(steps - 2, steps, "courts and population")
    courts = justice.draw_courts(count, seed)
    rows = courts_by_then(courts.rows) if first else courts.rows
    _write_text(folder / "lists" / justice.FILE, delimited(justice.HEADER, rows))
    _write_text(folder / "mappings" / "courts.toml", justice.MAPPING)
    population = delimited(inhabitants.HEADER, inhabitants.inhabitants(count))
    _write_text(folder / "population" / inhabitants.FILE, population)
    progress(steps - 1, steps, "truth")
    more = {"seed": seed, "courts": {"rows": len(courts.rows), "rows_to_quarantine": courts.misspelt}}
    write_truth(folder / FOLDER, persons, holdings, more)
    _write_text(folder / "README.txt", README)
    progress(steps, steps, "done")


def _together(victims: Persons, others: Persons) -> Persons:
    """Victims first, then the persons who came to a list's notice and are not victims."""
    columns = {
        name: np.concatenate([getattr(victims, name), getattr(others, name)])
        for name in Persons.__dataclass_fields__
        if name != "seen"
    }
    seen = {name: np.concatenate([victims.seen[name], others.seen[name]]) for name in victims.seen}
    return Persons(**columns, seen=seen)


def _write_text(path: Path, text: str) -> None:
    path.write_bytes(text.encode())


def _move(scratch: Path, folder: Path) -> Iterator[Path]:
    """Move every file to its place, the settings last. A file that is the same already keeps its date."""
    made = sorted(path for path in scratch.rglob("*") if path.is_file())
    for path in sorted(made, key=lambda path: path.name == FILE_NAME):
        target = folder / path.relative_to(scratch)
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.is_file() or target.read_bytes() != path.read_bytes():
            path.replace(target)
        yield target


HIDDEN = f"""[hidden]                  # estimate those whom no list saw; without this table there is no estimate
by = ["sex", "age"]       # "form" too, or [] for everyone together only
bootstrap = {facts.BOOTSTRAP}           # 1000 or more before a figure is quoted

"""


def settings_toml(linkage: str = KEYS, *, first: bool = False) -> str:
    """``palermo.toml`` of the demo country; its first account had a year less and no estimate."""
    years = FIRST_YEARS if first else facts.YEARS
    sources = [_source(shape.name, shape.file, shape.source_type) for shape in SHAPES]
    sources.append(_source("courts", justice.FILE, "court"))
    return f"""{MARK}
# `palermo demo` writes this file anew. To try other rules, change them here and use `palermo run --workspace DIR`.

[account]
title = "Trafficking in persons in Demoland: a made-up account"
area = "{facts.AREA}"
area_name = "{facts.AREA_NAME}"
years = [{years[0]}, {years[-1]}]
made_up = true

[rules]
forms = "each"            # a person counts under each form she suffered; "mixed": several forms stand apart
age_in_doubt = "unknown"  # or "child": a person whose age is in doubt counts as a child
k_tables = 5              # no published cell counts fewer persons

[linkage]
method = "{linkage}"{" " * (15 - len(linkage))}# keys: by referral numbers; clear: by names too

{"" if first else HIDDEN}[population]
file = "population/{inhabitants.FILE}"
shape = "{inhabitants.SHAPE}"
{"".join(sources)}"""


def _source(name: str, file: str, source_type: str) -> str:
    return f"""
[[source]]
name = "{name}"
path = "lists/{file}"
mapping = "mappings/{name}.toml"
type = "{source_type}"
"""


def _shape_lines(shapes: tuple[Shape, ...]) -> str:
    return "\n".join(f"  lists/{shape.file:28} {shape.title}" for shape in shapes)


README = f"""{facts.MADE_UP}

Demoland does not exist. Every person, name, date and number in this folder is made up by a program; names are
put together from syllables. The neighbours in conflict are uninhabited islands, because a made-up conflict must not be
pinned on a real people. Countries of origin stand for one region each and say nothing about these countries.

{_shape_lines(SHAPES)}
  lists/{justice.FILE:28} Courts: persons suspected of trafficking
  mappings/                          what the columns and words of each list mean
  population/                        inhabitants by year, sex and age
  truth/                             who the victims are; no stage reads it, `palermo demo --score` does
  palermo.toml                       what the account is made of, and by which rules

Begin with `palermo run --workspace .`; docs/tutorial.md explains the rest.
"""
