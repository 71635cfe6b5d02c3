"""Reading `palermo.toml`: every fault is told with its key, what was found and what was expected there."""

import os
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from math import inf
from pathlib import Path
from typing import Any

from rapidfuzz import process

from palermo.errors import UsageError
from palermo.settings import (
    BREAKDOWNS,
    DUCKDB,
    ENCODINGS,
    ENGINES,
    METHODS,
    MOST_LISTS,
    Budget,
    Hidden,
    Linkage,
    Population,
    Releases,
    Rules,
    Settings,
    Source,
)


def read_settings(file: Path) -> Settings:
    """Read and check ``palermo.toml``; every fault is reported with its key and what was expected there."""
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:  # no TOML, no text, a number of 5,000 digits
        raise UsageError(f"{file}: not valid TOML: {error}") from None
    reader = _Reader(file)
    reader.only(document, "", ("account", "rules", "population", "linkage", "hidden", "release", "source", "engine"))
    account = reader.table(document, "account")
    reader.only(account, "account", ("title", "area", "area_name", "years", "made_up"))
    area = reader.value(account, "account.area", str)
    population = document.get("population")
    sources = _sources(reader, document.get("source", []), file.parent)
    return Settings(
        title=reader.value(account, "account.title", str, f"Trafficking in persons: account of {area}"),
        area=area,
        area_name=reader.value(account, "account.area_name", str, None),
        years=_years(reader, account),
        made_up=reader.value(account, "account.made_up", bool, default=False),
        rules=_rules(reader, document.get("rules", {})),
        population=None if population is None else _population(reader, population, file.parent),
        hidden=_hidden(reader, reader.table(document, "hidden"), sources) if "hidden" in document else None,
        linkage=_linkage(reader, reader.table(document, "linkage"), sources) if "linkage" in document else Linkage(),
        release=_release(reader, document, file.parent) if "release" in document else Releases(),
        sources=sources,
        engine=_engine(reader, document),
    )


_MISSING: Any = object()


class _Reader:
    """Typed reading of a TOML document with errors that name file, key, found and expected."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def fail(self, key: str, found: object, expected: str) -> UsageError:
        return UsageError(f"{self.file}: {key}: found {found!r}, expected {expected}")

    def only(self, table: Mapping[str, Any], where: str, known: Iterable[str]) -> None:
        if not isinstance(table, dict):
            raise self.fail(f"[{where}]", table, f"a table with the keys {', '.join(known)}")
        for key in table:
            if key not in known:
                near = process.extractOne(key, list(known))
                hint = f"; did you mean {near[0]!r}?" if near and near[1] > 60 else ""
                raise UsageError(
                    f"{self.file}: unknown key {f'{where}.' * bool(where)}{key}{hint}. Known keys: {', '.join(known)}"
                )

    def table(self, document: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        value = document.get(key)
        if not isinstance(value, dict):
            raise self.fail(f"[{key}]", value, "a table with that name")
        return value

    def value(self, table: Mapping[str, Any], key: str, kind: type, default: Any = _MISSING) -> Any:
        value = table.get(key.rsplit(".", 1)[-1], _MISSING)
        if value is _MISSING:
            if default is _MISSING:
                raise self.fail(key, "nothing", f"a {kind.__name__}")
            return default
        if kind is float and type(value) is int:
            value = float(value)
        if type(value) is not kind:
            raise self.fail(key, value, f"a {kind.__name__}")
        return value


def _years(reader: _Reader, account: Mapping[str, Any]) -> tuple[int, int] | None:
    years = account.get("years")
    if years is None:
        return None
    whole = isinstance(years, list) and len(years) == 2 and all(type(year) is int for year in years)
    if not whole or not 1900 <= years[0] <= years[1] <= 2200:
        raise reader.fail("account.years", years, "[first, last], for example [2019, 2023]")
    return years[0], years[1]


def _engine(reader: _Reader, document: Mapping[str, Any]) -> str:
    engine: str = reader.value(document, "engine", str, DUCKDB)
    if engine not in ENGINES:
        raise reader.fail("engine", engine, " or ".join(ENGINES))
    return engine


def _rules(reader: _Reader, raw: Mapping[str, Any]) -> Rules:
    reader.only(raw, "rules", tuple(Rules.__dataclass_fields__))
    kinds = {"forms": str, "age_in_doubt": str, "publish_zeros": bool, "quarantine_limit": float}
    rules = Rules(**{key: reader.value(raw, f"rules.{key}", kinds.get(key, int)) for key in raw})
    allowed = {"forms": ("each", "mixed"), "age_in_doubt": ("unknown", "child")}
    for key, values in allowed.items():
        if getattr(rules, key) not in values:
            raise reader.fail(f"rules.{key}", getattr(rules, key), " or ".join(values))
    for key in ("k_tables", "k_microdata"):
        if getattr(rules, key) < 2:
            raise reader.fail(f"rules.{key}", getattr(rules, key), "2 or more (1 would protect nobody)")
    if rules.rounding is not None and rules.rounding < 2:
        raise reader.fail("rules.rounding", rules.rounding, "2 or more, or no rounding at all")
    if not 0 <= rules.quarantine_limit <= 1:
        raise reader.fail("rules.quarantine_limit", rules.quarantine_limit, "a share from 0 to 1")
    return rules


def _population(reader: _Reader, raw: Mapping[str, Any], root: Path) -> Population:
    reader.only(raw, "population", ("file", "shape"))
    file = _beside(root, reader.value(raw, "population.file", str))
    if not file.exists():
        raise reader.fail("population.file", str(file), "an existing file")
    return Population(file, reader.value(raw, "population.shape", str, None))


def _release(reader: _Reader, document: Mapping[str, Any], root: Path) -> Releases:
    raw = reader.table(document, "release")
    reader.only(raw, "release", tuple(Releases.__dataclass_fields__))
    within = raw.get("within", {})
    if not isinstance(within, dict) or any(type(whole) is not str for whole in within.values()):
        raise reader.fail("release.within", within, '{ PART = "WHOLE" }, codes of areas')
    sealed = _beside(root, reader.value(raw, "release.sealed", str)) if "sealed" in raw else None
    if "budget" not in raw:
        return Releases(None, sealed, tuple(sorted(within.items())))
    budget = reader.table(raw, "budget")
    reader.only(budget, "release.budget", ("epsilon", "delta"))
    epsilon, delta = (reader.value(budget, f"release.budget.{key}", float) for key in ("epsilon", "delta"))
    if not 0 < epsilon < inf:
        raise reader.fail("release.budget.epsilon", epsilon, "a number above 0, most often between 0.1 and 12")
    if not 0 < delta < 1:
        raise reader.fail("release.budget.delta", delta, "a number between 0 and 1, far below one over the persons")
    return Releases(Budget(epsilon, delta), sealed, tuple(sorted(within.items())))


def _hidden(reader: _Reader, raw: Mapping[str, Any], sources: Sequence[Source]) -> Hidden:
    reader.only(raw, "hidden", tuple(Hidden.__dataclass_fields__))
    kinds = {"lists": list, "by": list, "each_year": bool, "level": float}
    values: dict[str, Any] = {key: reader.value(raw, f"hidden.{key}", kinds.get(key, int)) for key in raw}
    allowed = {"lists": tuple(source.name for source in sources), "by": BREAKDOWNS}
    for key, known in allowed.items():
        found = values.get(key, [])
        if any(type(name) is not str or name not in known for name in found) or len(set(found)) < len(found):
            raise reader.fail(f"hidden.{key}", found, f"some of these, each once: {', '.join(known) or 'none'}")
    values |= {key: tuple(values[key]) for key in allowed if key in values}
    hidden = Hidden(**values)
    if len(hidden.lists) == 1 or len(hidden.lists) > MOST_LISTS:
        raise reader.fail("hidden.lists", list(hidden.lists), f"2 to {MOST_LISTS} lists, or the key left out")
    if not 50 <= hidden.bootstrap <= 100_000:
        raise reader.fail("hidden.bootstrap", hidden.bootstrap, "50 to 100000 (fewer give no interval)")
    if hidden.seed < 0:
        raise reader.fail("hidden.seed", hidden.seed, "0 or a larger whole number")
    if not 0.5 <= hidden.level <= 0.999:
        raise reader.fail("hidden.level", hidden.level, "a share from 0.5 to 0.999, such as 0.95")
    return hidden


def _linkage(reader: _Reader, raw: Mapping[str, Any], sources: Sequence[Source]) -> Linkage:
    reader.only(raw, "linkage", tuple(Linkage.__dataclass_fields__))
    kinds = {"seed": int, "cap": int, "threshold": float, "without_duplicates": list}
    values: dict[str, Any] = {key: reader.value(raw, f"linkage.{key}", kinds.get(key, str)) for key in raw}
    for key in ("labels", "decisions"):
        if key in values:
            values[key] = _beside(reader.file.parent, values[key])
    names = [source.name for source in sources]
    found = values.get("without_duplicates", [])
    if any(name not in names for name in found):
        raise reader.fail("linkage.without_duplicates", found, f"some of these: {', '.join(names) or 'none'}")
    linkage = Linkage(**{**values, "without_duplicates": tuple(found)})
    if linkage.method not in (None, *METHODS):
        raise reader.fail("linkage.method", linkage.method, " or ".join(METHODS))
    if not 0.5 <= linkage.threshold < 1:
        raise reader.fail("linkage.threshold", linkage.threshold, "a probability from 0.5 to below 1, such as 0.9")
    if not 2 <= linkage.cap <= 1000:
        raise reader.fail("linkage.cap", linkage.cap, "2 to 1000 records of one person")
    if linkage.seed < 0:
        raise reader.fail("linkage.seed", linkage.seed, "0 or a larger whole number")
    if linkage.method == ENCODINGS and not any(source.encoded for source in sources):
        raise reader.fail("linkage.method", ENCODINGS, '[[source]] entries with encoded = "FILE", of `palermo encode`')
    return linkage


def _sources(reader: _Reader, raw: Any, root: Path) -> tuple[Source, ...]:
    if not isinstance(raw, list):
        raise reader.fail("source", raw, "[[source]] entries (with double brackets)")
    sources = []
    for number, entry in enumerate(raw, 1):
        where = f"source {number}"
        reader.only(entry, where, tuple(Source.__dataclass_fields__))
        values: dict[str, Any] = {
            key: reader.value(entry, f"{where}.{key}", bool if key == "public" else str) for key in entry
        }
        values["path"] = _beside(root, reader.value(entry, f"{where}.path", str))
        for key in ("mapping", "encoded"):
            if key in values:
                values[key] = _beside(root, values[key])
        values.setdefault("name", source_name(values["path"]))
        sources.append(Source(**values))
        if sources[-1].name in {source.name for source in sources[:-1]}:
            raise reader.fail(f"{where}.name", sources[-1].name, "a name that no other source has")
    return tuple(sources)


def _beside(root: Path, name: str) -> Path:
    """The path of a file named in the settings, without detours over parent folders."""
    return Path(os.path.normpath(root / name))


def source_name(path: Path) -> str:
    """A list's name from its file name: letters, digits and dashes only, as it becomes a file name itself."""
    stem = path.name.split(".")[0].lower()
    return "".join(letter if letter.isalnum() and letter.isascii() else "-" for letter in stem).strip("-") or "source"
