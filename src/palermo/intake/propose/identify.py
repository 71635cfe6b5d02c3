"""Which personal columns could join the records of one person: proposed as ``[identity]``, for a person to decide.

The decision a reader would question: only what a header says counts, never what cells look like. A column of texts
that differ from row to row may hold names, or a story; a mistake here would carry the story into linkage.
"""

from palermo.intake.propose.columns import IDENTITY, IGNORED, ColumnProposal
from palermo.intake.propose.headers import match_headers
from palermo.intake.propose.lexicon import lexicon
from palermo.intake.propose.sample import ColumnSample
from palermo.intake.propose.values import match_values

_SURE = 0.9  # a header that only holds the word "name" may be that of a ship or a judge
_SEVERAL = "other_names"
_REASON = "joins records of one person; kept apart, never counted. Delete the line to leave it unread"


def with_identity(made: tuple[ColumnProposal, ...], columns: tuple[ColumnSample, ...]) -> tuple[ColumnProposal, ...]:
    """The proposals, in which columns left out become identifying ones where their headers say so."""
    samples = {column.name: column for column in columns}
    taken: dict[str, str] = {}
    for one in made:
        target = _target(one, samples[one.column])
        if target is not None and (target == _SEVERAL or target not in taken.values()):
            taken[one.column] = target
    if not set(taken.values()) - {"place", "birth_date"}:
        return made  # without any name there is nothing to join by
    if "given_name" in taken.values() and "family_name" in taken.values():
        taken = {name: _SEVERAL if target == "full_name" else target for name, target in taken.items()}
    return tuple(_identifying(one, taken[one.column], samples) if one.column in taken else one for one in made)


def _target(one: ColumnProposal, column: ColumnSample) -> str | None:
    if one.decision != IGNORED or not column.filled:
        return None
    found = match_headers(one.column, lexicon().identity)
    best = max(found, key=lambda target: found[target].score, default=None)
    if best is None or found[best].score < _SURE:
        return None
    return best if one.personal or best == "place" else None


def _identifying(one: ColumnProposal, target: str, samples: dict[str, ColumnSample]) -> ColumnProposal:
    date = match_values(samples[one.column], "date", "cases").date if target == "birth_date" else None
    pattern = date.pattern if date is not None and not date.is_iso else None
    return ColumnProposal(
        one.column, IDENTITY, (_REASON,), target, confidence=_SURE, date_format=pattern, personal=one.personal
    )
