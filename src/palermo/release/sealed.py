"""The figure that counts persons under seal, as it may leave the office: a range from the figure without them.

Their number goes into the range as the step of a grid in which it lies ("0 to 19 more"), and nothing else of it does:
the range is the same for each number of that step, whatever the other figure is, and in each release. The decision a
reader would question: the range is printed although a true total is known. A total that counts them would give them
away by subtraction, or cost the totals of all tables, which stay exact so.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from palermo.release.cells import WITH_SEALED
from palermo.release.estimates import step_of
from palermo.release.rules import FREE, HIDDEN, SUPPRESSED, Protection, is_safe

WITHOUT = "victims_by_sex_age"
_CODES = ("ref_area", "time_period", "sex", "age")
_COARSEST = 1000

Row = Mapping[str, Any]
Codes = tuple[str, ...]
Range = tuple[int, int]


def counts_sealed(row: Row) -> bool:
    """Whether a row counts persons under seal among others."""
    return bool(row["indicator"] == WITH_SEALED)


def print_ranges(rows: Sequence[Row], released: list[dict[str, Any]], protection: Protection) -> int | None:
    """Replace the rows that count sealed persons among ``released``; returns the step of the grid, None without any.

    A row is hidden where the figure without them is.
    """
    places = [number for number, row in enumerate(rows) if counts_sealed(row)]
    if not places:
        return None
    k = max(protection.k_tables, protection.k_microdata)
    alone = {_codes(row): number for number, row in enumerate(rows) if _is_without(row)}
    more = {
        codes: int(rows[place]["value"] - rows[alone[codes]]["value"])
        for place in places
        if (codes := _codes(rows[place])) in alone
    }
    step = step_of_grid(more, k)
    for place in places:
        codes = _codes(rows[place])
        printed: dict[str, Any] = released[alone[codes]] if codes in alone else {"conf_status": HIDDEN}
        figures: dict[str, Any] = dict.fromkeys(("value", "lower", "upper"))
        if step is None or printed["conf_status"] != FREE:
            released[place] = {**rows[place], **figures, "obs_status": SUPPRESSED, "conf_status": HIDDEN}
        else:
            low = more[codes] // step * step
            figures |= {"lower": printed["lower"] + low, "upper": printed["upper"] + low + step - 1}
            released[place] = {**rows[place], **figures, "conf_status": FREE}
    return step


def step_of_grid(more: Mapping[Codes, int], k: int) -> int | None:
    """The finest step, 2 k or more, at which no number follows to less than k; None where none is coarse enough."""
    step = _COARSEST + 1 if min(more.values(), default=0) < 0 else step_of(k)
    while step <= _COARSEST:
        ranges = {codes: (number // step * step, number // step * step + step - 1) for codes, number in more.items()}
        if all(is_safe(*known, k) for known in followed(ranges).values()):
            return step
        step = step_of((step + 1) // 2 + 1)
    return None


def followed(ranges: Mapping[Codes, Range]) -> dict[Codes, Range]:
    """What follows when years, sexes and ages each add up to the total: exact, as they have nothing else in common."""
    found: dict[Codes, Range] = {}
    for area in {codes[0] for codes in ranges}:
        total = (area, "_T", "_T", "_T")
        families = [_parts(ranges, area, place) for place in range(1, len(_CODES))]
        own = ranges.get(total, (0, sum(high for _, high in ranges.values())))
        low = max([own[0], *(sum(ranges[codes][0] for codes in family) for family in families if family)])
        high = min([own[1], *(sum(ranges[codes][1] for codes in family) for family in families if family)])
        if total in ranges:
            found[total] = (low, high)
        for family in families:
            lows, highs = (sum(ranges[codes][end] for codes in family) for end in (0, 1))
            for codes in family:
                least, most = ranges[codes]
                found[codes] = (max(least, low - (highs - most)), min(most, high - (lows - least)))
    return found


def _parts(ranges: Mapping[Codes, Range], area: str, place: int) -> list[Codes]:
    return [codes for codes in ranges if codes[0] == area and codes[place] != "_T"]


def _codes(row: Row) -> Codes:
    return tuple("_T" if row[name] == "_Z" else row[name] for name in _CODES)


def _is_without(row: Row) -> bool:
    codes = _codes(row)
    return bool(row["indicator"] == WITHOUT and row["confidential"]) and sum(code != "_T" for code in codes[1:]) <= 1


def sealed_findings(rows: Sequence[Row], said: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What an auditor finds: a figure told exactly, off its grid, without the one it begins at, or together narrow."""
    own = [row for row in rows if counts_sealed(row) and row["conf_status"] == FREE]
    if not own:
        return []
    step, k = int(said.get("sealed_step") or 0), int(said["k"][WITH_SEALED])
    shown = {_codes(row): row for row in rows if row["indicator"] == WITHOUT and row["conf_status"] == FREE}
    found, ranges = [], {}
    for row in own:
        codes, where = _codes(row), f"{WITH_SEALED} ({' '.join(_codes(row))})"
        if row["value"] is not None or step < 2 * k:
            found.append((WITH_SEALED, f"{where}: told more finely than in steps of {2 * k}"))
            continue
        if codes not in shown:
            found.append((WITH_SEALED, f"{where}: printed although the figure without them is not"))
            continue
        low, high = (int(row[end] - shown[codes][end]) for end in ("lower", "upper"))
        if low % step or high != low + step - 1:
            found.append((WITH_SEALED, f"{where}: off the grid of {step}"))
        ranges[codes] = (low, high)
    narrow = [codes for codes, known in followed(ranges).items() if not is_safe(*known, k)]
    found += [
        (WITH_SEALED, f"{WITH_SEALED} ({' '.join(codes)}): those under seal follow too narrowly") for codes in narrow
    ]
    return found
