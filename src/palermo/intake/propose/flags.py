"""Recognising groups of yes/no columns: "isForcedLabour", "meansOfControlThreats", "Type of exploitation/Begging".

A group becomes one multi-valued target. The code is taken from the header, so a header that names no code of the list
is left alone and reported; nothing is put under "other" by guess.
"""

from dataclasses import dataclass

from rapidfuzz import fuzz

from palermo.codes import CodeList, code_list
from palermo.codes.folding import fold
from palermo.intake.lookup import LISTS
from palermo.intake.mapping import NO, YES
from palermo.intake.propose.headers import match_header
from palermo.intake.propose.lexicon import lexicon, words_of
from palermo.intake.propose.sample import ColumnSample
from palermo.intake.propose.values import MULTIPLE, nothing_kind

_NEARLY = 85  # similarity, of 100, that covers endings cut off ("ThreatOfLawEnforce")
_SLIPS = 0.02  # share of filled cells that may be neither yes nor no; their rows go to quarantine
_ALONE = ("forms", "means")  # lists whose codes a header without any prefix may name


@dataclass(frozen=True)
class Flag:
    """A yes/no column: what a yes means, which texts mean unknown, and whether a "no" is ever written."""

    column: str
    target: str
    code: str
    unknown: tuple[str, ...]
    says_no: bool
    reason: str


def find_flags(columns: tuple[ColumnSample, ...]) -> dict[str, Flag]:
    """The yes/no columns of the file that name a code, by header."""
    found = (_flag(column) for column in columns if is_yes_no(column))
    return {flag.column: flag for flag in found if flag is not None}


def is_yes_no(column: ColumnSample) -> bool:
    """Whether a column holds yes, no, and texts for no answer; a slip of the pen in a few rows may stand beside."""
    odd = sum(rows for text, rows in column.counts.items() if _answer(text) == "?")
    return column.complete and odd <= _SLIPS * column.filled


def _answer(text: str) -> str:
    plain = text.casefold()
    if plain in YES:
        return "yes"
    if plain in NO:
        return "no"
    return "" if nothing_kind(text, "forms", coded=True) is not None else "?"


def _flag(column: ColumnSample) -> Flag | None:
    named = _question_and_option(column.name) or _prefixed(column.name) or _plain(column)
    if named is None:
        return None
    target, code, reason = named
    return Flag(
        column=column.name,
        target=target,
        code=code,
        unknown=tuple(sorted({"", *(text for text in column.counts if _answer(text) == "")})),
        says_no=any(_answer(text) == "no" for text in column.counts),
        reason=reason,
    )


def _question_and_option(header: str) -> tuple[str, str, str] | None:
    """A survey's column per option: "Question/option"."""
    question, slash, option = header.partition("/")
    if not slash:
        return None
    aliases = lexicon().targets["cases"]
    scores = {
        target: match.score
        for target in sorted(MULTIPLE - {"transit"})
        if (match := match_header(question, (*aliases[target], *lexicon().flags.get(target, ())))) is not None
    }
    for target in sorted(scores, key=lambda one: -scores[one]):
        code = code_named(LISTS[target], option)
        if code is not None and scores[target] >= 0.6:
            return target, code, f"an option of the question {question.strip()!r}"
    return None


def _prefixed(header: str) -> tuple[str, str, str] | None:
    words = words_of(header)
    prefixes = [
        (prefix, target)
        for target, aliases in lexicon().flags.items()
        for prefix in aliases
        if len(prefix) < len(words) and words[: len(prefix)] == prefix
    ]
    for prefix, target in sorted(prefixes, key=lambda one: -len(one[0])):
        code = code_named(LISTS[target], " ".join(words[len(prefix) :]))
        if code is not None:
            return target, code, f"a yes/no column whose name begins with {' '.join(prefix)!r} and names a code"
    return None


def _plain(column: ColumnSample) -> tuple[str, str, str] | None:
    if column.filled == 0:
        return None
    for target in _ALONE:
        code = code_list(LISTS[target]).match(column.name)
        if code is not None and not code.startswith("_") and code != "other":
            return target, code, "a yes/no column whose name is a code"
    return None


def code_named(list_id: str, text: str) -> str | None:
    """The code that the end of a header names, allowing for an ending that was cut off."""
    codes = code_list(list_id)
    found = codes.match(text) or lexicon().values.get(list_id, {}).get(fold(text)) or _similar(codes, fold(text))
    return None if found is None or found.startswith("_") else found


def _similar(codes: CodeList, folded: str) -> str | None:
    if len(folded) < 6:
        return None
    best, score = None, float(_NEARLY)
    for code in codes:
        for text in (code.id, code.label, *code.aliases):
            likeness = fuzz.ratio(folded, fold(text))
            if likeness >= score and not code.id.startswith("_"):
                best, score = code.id, likeness
    return best
