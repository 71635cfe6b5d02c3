"""Deciding what each column becomes: candidates by header and values, then one column for each target.

A header alone is not enough: where most values of a column do not fit the target, the column is left out and the
reason is said. The one exception are identifiers, whose values tell nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from palermo.intake.propose.columns import FLAG, IGNORED, MAPPED, ColumnProposal
from palermo.intake.propose.flags import Flag
from palermo.intake.propose.headers import HeaderMatch, match_headers
from palermo.intake.propose.identify import with_identity
from palermo.intake.propose.lexicon import lexicon
from palermo.intake.propose.personal import personal_header, personal_values
from palermo.intake.propose.sample import ColumnSample
from palermo.intake.propose.values import FIGURES, TOTALS, ValueMatch, list_of, match_values

IDENTIFIERS = ("record_id", "person_key")
_BY_VALUES_ALONE = ("sex", "age_band", "date")  # targets whose values say by themselves what the column is
_ACCOUNT = frozenset(
    {"sex", "age_band", "status", "forms", "citizenship", "origin", "destination"}
)  # what the account is made of
_FIRST_LISTS = 1995  # no list of trafficked persons under today's terms is older; the Protocol is of 2000
_ENOUGH = 0.5  # share of answers that must fit a target
_FEW_TEXTS = 60  # distinct texts up to which a column whose values nobody understands may still be a coded one
_MOST_TEXTS = 300  # distinct texts beyond which no column is a coded one


@dataclass(frozen=True)
class Candidate:
    """One target that a column may become."""

    column: ColumnSample
    target: str
    header: HeaderMatch | None
    values: ValueMatch
    confidence: float


def decide(columns: tuple[ColumnSample, ...], table: str, flags: Mapping[str, Flag]) -> tuple[ColumnProposal, ...]:
    """One proposal for each column, in the order of the file."""
    personal = {column.name: _personal(column, table) for column in columns if column.name not in flags}
    open_columns = [c for c in columns if c.name not in flags and not personal[c.name] and c.filled]
    candidates = {column.name: candidates_of(column, table) for column in open_columns}
    chosen = _one_each([one for found in candidates.values() for one in found if one.confidence >= _ENOUGH])
    spare = _year_beside_date(chosen)
    made = []
    for column in columns:
        if column.name in flags:
            made.append(_flagged(flags[column.name], flags))
        elif personal[column.name]:
            made.append(_left_out(column, personal[column.name], personal=True))
        elif column.name == spare:
            made.append(_left_out(column, "the date says the year, and the two could disagree"))
        elif column.name in chosen:
            made.append(_mapped(chosen[column.name], candidates[column.name], table))
        else:
            made.append(_left_out(column, _why_not(column, candidates.get(column.name, []), chosen)))
    proposed = _without_packed_twins(tuple(made), flags)
    return with_identity(proposed, columns) if table == "cases" else proposed


def candidates_of(column: ColumnSample, table: str) -> list[Candidate]:
    """The targets of a column, the most confident first."""
    headers: dict[str, HeaderMatch | None] = dict(match_headers(column.name, lexicon().targets[table]))
    for target in _BY_VALUES_ALONE:
        if target in lexicon().targets[table]:
            headers.setdefault(target, None)
    found = [_candidate(column, target, table, header) for target, header in headers.items()]
    return sorted((one for one in found if one is not None), key=lambda one: (-one.confidence, one.target))


def _candidate(column: ColumnSample, target: str, table: str, header: HeaderMatch | None) -> Candidate | None:
    strength = header.score if header is not None else 0.0
    coded = list_of(target, table) is not None
    if coded and (not column.complete or len(column.counts) > _MOST_TEXTS):
        return None
    values = match_values(column, target, table)
    if target in IDENTIFIERS:
        return Candidate(column, target, header, values, _identifier(column, target, strength))
    if header is None:
        sure = values.share >= 0.95 and values.answers > 0 and values.distinct > 1 and not _may_be_births(values)
        return Candidate(column, target, None, values, 0.55 if sure else 0.0)
    if target in FIGURES and strength < 0.6:
        return Candidate(column, target, header, values, 0.0)
    if values.share < _ENOUGH:
        return Candidate(column, target, header, values, _ENOUGH if _must_ask(values, target, table, strength) else 0.0)
    return Candidate(column, target, header, values, 0.4 * strength + 0.6 * values.share)


def _may_be_births(values: ValueMatch) -> bool:
    """Whether dates go back further than any list of trafficked persons, as dates of birth do."""
    return values.date is not None and values.date.earliest < _FIRST_LISTS


def _must_ask(values: ValueMatch, target: str, table: str, strength: float) -> bool:
    """Whether a column is mapped although its values are not understood, so that a person gives the codes.

    A column named exactly like a target of the account (sex in 1 and 2) is; so is any dimension of published figures,
    because its parts would look like totals if it were left out. A sector that nobody understands is left out instead:
    it must not hold up the whole row.
    """
    if list_of(target, table) is None or values.answers == 0:
        return False
    if table == "observations" and target in TOTALS:
        return strength >= 0.7
    return target in _ACCOUNT and strength >= 0.95 and values.distinct <= _FEW_TEXTS


def _identifier(column: ColumnSample, target: str, strength: float) -> float:
    """Identifiers are known by their header; a record number must differ from row to row."""
    if strength < 0.7:
        return 0.0
    texts = len([text for text in column.counts if text])
    if target == "record_id":
        unique = texts >= 0.95 * column.filled
        return 0.9 * strength if unique and column.filled == column.rows else 0.0
    return 0.8 * strength


def _one_each(candidates: list[Candidate]) -> dict[str, Candidate]:
    """The best column for each target and the best target for each column, by confidence."""
    chosen: dict[str, Candidate] = {}
    taken: set[str] = set()
    for one in sorted(candidates, key=lambda one: -one.confidence):
        if one.column.name not in chosen and one.target not in taken:
            chosen[one.column.name] = one
            taken.add(one.target)
    return chosen


def _year_beside_date(chosen: Mapping[str, Candidate]) -> str | None:
    """The column of a year that is not needed, because a date is mapped that is filled as often."""
    by_target = {one.target: one.column for one in chosen.values()}
    date, year = by_target.get("date"), by_target.get("year")
    if date is None or year is None or date.filled < 0.95 * year.filled:
        return None
    return year.name


def _personal(column: ColumnSample, table: str) -> str:
    """Why a column points at a person; empty where it does not, or where its values answer another question."""
    headers = match_headers(column.name, lexicon().targets[table])
    strongest = max((match.score for match in headers.values()), default=0.0)
    named = personal_header(column.name)
    if named is not None and table == "observations" and named[1].score < 0.9:
        named = None  # published figures name agencies and counties, not persons
    if named is not None and named[1].score > strongest:
        sure = "points at a person" if named[1].score >= 0.9 else "may point at a person"
        return f"{sure} ({named[0]}, by its header); counting does not need it"
    if named is not None and named[1].score == strongest and not _fits(column, table):
        return f"may point at a person ({named[0]}, by its header); counting does not need it"
    looks = personal_values(column)
    if looks is not None and not (strongest >= 0.5 and _fits(column, table)):
        return f"may point at a person (its values look like {looks}); counting does not need it"
    return ""


def _fits(column: ColumnSample, table: str) -> bool:
    """Whether the values answer a question that the header asks. Identifiers do not count: names fit them too."""
    return any(
        one.header is not None and one.confidence >= 0.6 and one.target not in IDENTIFIERS
        for one in candidates_of(column, table)
    )


def _flagged(flag: Flag, flags: Mapping[str, Flag]) -> ColumnProposal:
    group = [one for one in flags.values() if one.target == flag.target]
    check: tuple[str, ...] = ()
    if flag is group[0] and not any(one.says_no for one in group):
        check = (
            f"no column of the group {flag.target} ever says no, so a blank may mean no or not recorded; "
            "a row without any yes becomes unknown",
        )
    return ColumnProposal(
        flag.column, FLAG, (flag.reason,), flag.target, flag.code, 0.9, unknown=flag.unknown, check=check
    )


def _left_out(column: ColumnSample, reason: str, *, personal: bool = False) -> ColumnProposal:
    return ColumnProposal(column.name, IGNORED, (reason,), personal=personal)


def _why_not(column: ColumnSample, candidates: list[Candidate], chosen: Mapping[str, Candidate]) -> str:
    if column.filled == 0:
        return "empty in all rows looked at"
    named = [one for one in candidates if one.header is not None]
    for one in sorted(named, key=lambda one: -one.header.score if one.header is not None else 0.0):
        for other in chosen.values():
            if other.target == one.target and one.confidence >= _ENOUGH:
                return f"could be {one.target} too, but {other.column.name!r} fits better"
        return f"named like {one.target}, but only {one.values.share:.0%} of its answers fit it"
    return "neither its name nor its values say what it is"


def _mapped(one: Candidate, candidates: list[Candidate], table: str) -> ColumnProposal:
    values = one.values
    if values.share < _ENOUGH and not values.unmatched:
        values = match_values(one.column, one.target, table, show_all=True)
    reasons = [f"header matches {one.header.alias!r}" if one.header is not None else "recognised by its values alone"]
    if one.target not in IDENTIFIERS:
        reasons.append(f"{values.share:.0%} of {values.answers} answers fit")
    if values.iso2:
        reasons.append('two-letter country codes, so that "NA" is Namibia')
    others = [c.target for c in candidates if c is not one and c.header is not None and c.confidence >= 0.6]
    if others:
        reasons.append(f"could also be {', '.join(others)}")
    date = values.date
    made = ColumnProposal(
        column=one.column.name,
        decision=MAPPED,
        reasons=tuple(reasons),
        target=one.target,
        confidence=one.confidence,
        values=values.values,
        unmatched=values.unmatched,
        unknown=tuple(sorted({"", *values.unknown})),
        not_asked=values.not_asked,
        separator=values.separator,
        date_format=date.pattern if date is not None and not date.is_iso else None,
        check=_checks(one, values),
    )
    return _blank_is_total(made) if table == "observations" else made


def _checks(one: Candidate, values: ValueMatch) -> tuple[str, ...]:
    checks = []
    date = values.date
    if date is not None and date.twin is not None:
        checks.append(f"day and month cannot be told apart: {date.pattern} and {date.twin} read as many rows")
    elif date is not None and date.share < 1:
        checks.append(f"{(1 - date.share) * values.answers:.0f} dates do not have the form {date.pattern}")
    marks = [text for text in (*values.unknown, *values.not_asked) if text]
    if marks:
        checks.append(f"taken for no answer: {', '.join(repr(text) for text in marks)}")
    if one.header is None:
        birth = "; make sure that it is no date of birth" if date is not None else ""
        checks.append(f"the header does not say what the column is{birth}")
    if one.target == "sex" and {"1", "2"} & {odd.text for odd in values.unmatched}:
        checks.append("ISO/IEC 5218 writes 1 for male and 2 for female; ask the source whether it does")
    if one.target == "person_key":
        checks.append("rows of other lists with the same text are taken for the same person")
    return tuple(checks)


def _blank_is_total(made: ColumnProposal) -> ColumnProposal:
    """In published figures a blank dimension is the total, not an unknown."""
    if made.target not in TOTALS:
        return made
    unknown = tuple(text for text in made.unknown if text)
    check = (*made.check, "a blank is taken for the total, as national files of SDG 16.2.2 write it")
    return replace(made, values={"": "_T", **made.values}, unknown=unknown, check=check)


def _without_packed_twins(made: tuple[ColumnProposal, ...], flags: Mapping[str, Flag]) -> tuple[ColumnProposal, ...]:
    """Leave out a packed cell whose options stand in columns of their own, as surveys export both."""
    targets = {flag.target for flag in flags.values()}
    reason = "the same answers stand in yes/no columns, which are read instead"
    return tuple(
        ColumnProposal(one.column, IGNORED, (reason,)) if one.decision == MAPPED and one.target in targets else one
        for one in made
    )
