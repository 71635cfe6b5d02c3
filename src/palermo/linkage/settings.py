"""What is compared, and in which steps: the one configuration of the model, built from the columns that are filled.

There is no setting for a data set. Which comparisons run follows from the columns; how much each step weighs is learnt
from the records (``training``). Citizenship is never compared: names already tell much of it, and counting the same
evidence twice made three of ten pairs at .90 to .97 true (see docs/method/linkage.md).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from palermo.settings import DUCKDB

Level = dict[str, Any]

LEAST_FILLED = 0.02  # a column that fewer records fill is not compared
NAMES = ("given", "family")
TEXTS = ("place", "address", "address_2", "text_1", "text_2", "text_3")
NUMBERS = ("postcode", "street_number", "phone")
FEW_VALUES = ("sex", "region")  # only equal or not
EXTRA = tuple(name for name in (*TEXTS, *NUMBERS, "region", "email") if name != "place")
TEXT_COLUMNS = (*NAMES, *TEXTS, *NUMBERS, *FEW_VALUES, "email")

# Before anything is learnt: share of true pairs at each step, from the first to the last. Also what steps that no
# training pair shows are set to, so that nothing is impossible.
_PRIORS: Mapping[str, tuple[float, ...]] = {
    "name": (0.66, 0.14, 0.05, 0.06, 0.09),
    "birth": (0.70, 0.07, 0.04, 0.10, 0.03, 0.01, 0.01, 0.04),
    "text": (0.65, 0.17, 0.06, 0.12),
    "number": (0.78, 0.12, 0.10),
    "few": (0.94, 0.06),
    "email": (0.62, 0.13, 0.11, 0.03, 0.11),
}
_SIMILARITY = "jaro_winkler_similarity"


@dataclass(frozen=True)
class LinkOptions:
    """``seed`` of the random sample for u, and limits that keep cost in bounds.

    ``pairs_per_record`` bounds the candidate pairs of one blocking rule; ``unique_lists`` are lists that say they hold
    no person twice; pairs below ``least_weight`` (log2 odds) are not written.
    """

    seed: int = 1
    sample_pairs: int = 2_000_000
    pairs_per_record: int = 12
    least_weight: float = -10.0
    unique_lists: frozenset[str] = field(default_factory=frozenset)
    threads: int | None = None
    memory: str | None = None  # of DuckDB, such as "1GB"
    engine: str = DUCKDB  # of Splink: with spark it compares records there, with any other in DuckDB


def comparisons(columns: Sequence[str]) -> list[dict[str, Any]]:
    """The comparisons that ``columns`` allow, in Splink's form, each with the shares of ``_PRIORS`` as its start."""
    have = set(columns)
    found = [_name(one, other, swaps=other in have) for one, other in (NAMES, NAMES[::-1]) if one in have]
    if "birth" in have:
        found.append(_birth())
    found += [_text(name) for name in TEXTS if name in have]
    found += [_number(name) for name in NUMBERS if name in have]
    found += [_few(name) for name in FEW_VALUES if name in have]
    if "email" in have:
        found.append(_email())
    return found


def prior_shares(comparison: Mapping[str, Any]) -> list[float]:
    """Share of true pairs at each step but the one for missing values, before learning."""
    name = str(comparison["output_column_name"])
    shares = _PRIORS[_kind(name)]
    return list(shares)


def _kind(name: str) -> str:
    if name in NAMES:
        return "name"
    if name in TEXTS:
        return "text"
    if name in NUMBERS:
        return "number"
    return "few" if name in FEW_VALUES else name


def _step(sql: str, label: str, frequency: str | None = None) -> Level:
    step: Level = {"sql_condition": sql, "label_for_charts": label}
    if frequency is not None:
        step |= {"tf_adjustment_column": frequency, "tf_adjustment_weight": 1.0}
    return step


def _comparison(name: str, missing: str, steps: Sequence[Level]) -> dict[str, Any]:
    null = {"sql_condition": missing, "label_for_charts": "not known", "is_null_level": True}
    last = {"sql_condition": "ELSE", "label_for_charts": "differs"}
    return {"output_column_name": name, "comparison_levels": [null, *steps, last]}


def _missing(column: str) -> str:
    return f"{column}_l IS NULL OR {column}_r IS NULL"


def _slips(column: str, most: int) -> str:
    return f"damerau_levenshtein({column}_l, {column}_r) <= {most}"


def _equal(column: str) -> str:
    return f"{column}_l = {column}_r"


def _touch(column: str) -> str:
    """Names that begin or end alike: others may be like by chance, and asking this first saves the similarity."""
    return f"(ascii({column}_l) = ascii({column}_r) OR right({column}_l, 3) = right({column}_r, 3))"


def _date_slip(column: str) -> str:
    """One slip between dates, in the one form in which they are written: a digit differs, or two neighbours are turned.

    The distance with turns costs ten times that of digits, and only dates with two other digits can need it.
    """
    digits = f"hamming({column}_l, {column}_r)"
    return f"CASE {digits} WHEN 1 THEN TRUE WHEN 2 THEN {_slips(column, 1)} ELSE FALSE END"


def _name(one: str, other: str, *, swaps: bool) -> dict[str, Any]:
    """Swapped: the name stands in the other field. Part of: initials, or one of several given names."""
    swapped = f"{one}_l = {other}_r OR {other}_l = {one}_r" if swaps else "1 = 0"
    near = f"{one}_skeleton_l = {one}_skeleton_r OR ({_touch(one)} AND {_SIMILARITY}({one}_l, {one}_r) >= 0.92)"
    alike = f"starts_with({one}_l, {one}_r) OR starts_with({one}_r, {one}_l) OR {_SIMILARITY}({one}_l, {one}_r) >= 0.8"
    part = f"{_touch(one)} AND ({alike})"
    return _comparison(
        one,
        _missing(one),
        [_step(_equal(one), "equal", one), _step(near, "sounds alike"), _step(swapped, "swapped"), _step(part, "like")],
    )


def _birth() -> dict[str, Any]:
    """Parts of dates; where one is not certain, whether the days that the records allow overlap.

    One slip leaves two parts equal and two slips leave one, which is asked first because it is cheap.
    """
    year, month, day = (_equal(f"birth_{part}") for part in ("year", "month", "day"))
    both = "birth_date_l IS NOT NULL AND birth_date_r IS NOT NULL"
    two = f"(({year} AND {month}) OR ({year} AND {day}) OR ({month} AND {day}))"
    some = f"({year} OR {month} OR {day})"
    turned = f"{year} AND birth_month_l = birth_day_r AND birth_day_l = birth_month_r"
    overlap = "birth_from_l <= birth_to_r AND birth_from_r <= birth_to_l"
    return _comparison(
        "birth",
        _missing("birth_from"),
        [
            _step(_equal("birth_date"), "equal"),
            _step(f"{both} AND (({two} AND {_date_slip('birth_date')}) OR ({turned}))", "one slip"),
            _step(f"{both} AND {two}", "two parts equal"),
            _step(f"NOT ({both}) AND {overlap}", "possible, one not certain"),
            _step(f"{both} AND {some} AND hamming(birth_date_l, birth_date_r) <= 2", "two slips"),
            _step(year, "year equal"),
            _step("abs(birth_year_l - birth_year_r) <= 1", "a year apart"),
        ],
    )


def _text(name: str) -> dict[str, Any]:
    near, like = (f"{_SIMILARITY}({name}_l, {name}_r) >= {least}" for least in (0.92, 0.8))
    return _comparison(
        name, _missing(name), [_step(_equal(name), "equal", name), _step(near, "near"), _step(like, "like")]
    )


def _number(name: str) -> dict[str, Any]:
    return _comparison(name, _missing(name), [_step(_equal(name), "equal", name), _step(_slips(name, 1), "one slip")])


def _few(name: str) -> dict[str, Any]:
    return _comparison(name, _missing(name), [_step(_equal(name), "equal")])


def _email() -> dict[str, Any]:
    first, second = (f"split_part(email_{side}, '@', 1)" for side in "lr")
    near = f"{_SIMILARITY}(email_l, email_r) >= 0.92 OR {_slips('email', 2)}"
    return _comparison(
        "email",
        _missing("email"),
        [
            _step(_equal("email"), "equal", "email"),
            _step(f"{first} = {second}", "other provider"),
            _step(near, "near"),
            _step(f"{_SIMILARITY}({first}, {second}) >= 0.88", "like"),
        ],
    )
