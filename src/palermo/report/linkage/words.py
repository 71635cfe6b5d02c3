"""Sentences of the linkage report. Lists and columns are named; persons never are."""

from collections.abc import Mapping

from palermo.report.linkage.found import LinkageFound

ABOUT = "These are records and links between them, for those who may see the lists. No name and no number of a record."
SOURCE = "Lists {lists}; records compared by {by}."
NO_RATES = (
    "Nobody labelled a pair, so no rate of missed or false links is known. No number of persons and no number of those "
    "unseen may stand alone: only the curve against the threshold may be shown. Label a sample with palermo review."
)
REFUSED = "No number of persons and no number of those unseen may stand alone: {}."

# Columns of PREPARED that the report counts, with what a record lacks.
COLUMNS: Mapping[str, str] = {
    "tokens": "name",
    "family": "family name",
    "birth_from": "birth",
    "birth_date": "certain day of birth",
    "sex": "sex",
    "place": "place",
    "citizenship": "citizenship",
}

# Why a link was not made (``clusters.BROKEN``).
CUT: Mapping[str, str] = {
    "cap": "the person would have too many records",
    "list": "a list that holds nobody twice would hold the person twice",
    "chain": "one link alone would join two groups that do not fit",
    "rule": "they would have broken a rule of persons",
    "decision": "somebody decided that they are two persons",
}


def words_without(found: LinkageFound) -> str:
    """Why there is no rate, or no number to be taken from labels."""
    return NO_RATES if found.refused is None else REFUSED.format(found.refused)


def probability_told(value: float) -> str:
    """A probability as short as it can be without becoming 0 or 1 where it is not."""
    for digits in range(3, 17):
        text = f"{value:.{digits}g}"
        if (float(text) in (0.0, 1.0)) == (value in (0.0, 1.0)):
            return text
    return repr(value)
