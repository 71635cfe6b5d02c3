"""What a release tells in English sentences, in the language spoken: reasons of a verdict, changed choices, families.

The decision a reader would question: a release holds these as sentences, not as codes with numbers, so they are
recognised here by their wording. One that is not recognised, such as a reason of an estimator that an office added, is
shown in English as the release has it; nothing is left out.
"""

import re
from collections.abc import Iterable
from functools import cache

from palermo.language import _, marked, number, percent, spoken_now

# As `palermo.hidden` writes them: no capital letter at the start, no full stop at the end. {list...} is a name, the
# other placeholders are numbers.
REASONS = (
    marked("hardly anybody is on two lists or more: the lists say nothing of persons not on them"),
    marked("{n} persons are on two lists or more, so that chance decides"),
    marked("no estimate exists: with these empty cells, a larger number always fits better"),
    marked("no estimate exists: the formula gives no finite number for this table"),
    marked("not identifiable: very different numbers unseen fit the table equally well"),
    marked(
        "if some persons are seen more easily than others, the same lists give {n} persons: outside the interval; "
        "this explains the table as well"
    ),
    marked("if any two lists may depend on each other, there are from {low} to {high} persons: the number is outside"),
    marked(
        "the model does not fit the table: were it true, so large a distance would have a chance below {one} in {many}"
    ),
    marked("if some persons are seen more easily than others, there are {n} or more: above the interval"),
    marked("the chains do not mix (R-hat {value}, where {limit} is allowed): a rerun may give another number"),
    marked("the chains hold only {n} independent draws: the limits are rough"),
    marked(
        "{n} models fit the table nearly as well as the best (within {points} BIC points) and give from {low} to "
        "{high}: beyond the interval"
    ),
    marked("one person seen by one list more or fewer moves the answer by {n} per cent"),
    marked("one person seen by one list more or fewer leaves no answer at all"),
    marked("there is no interval, so nothing says how sure the number is"),
    marked("the upper limit is more than {n} times the lower one: these lists cannot tell"),
    marked("the upper limit is more than {n} times the lower one"),
    marked("more than {n} persons unseen for each one seen: assumption, not data"),
    marked("the lower limit is the smallest of {n} replicates: take {enough} or more before quoting it"),
    marked("the upper limit is the largest of {n} replicates: take {enough} or more before quoting it"),
    marked(
        "the lower limit is the smallest and the upper limit is the largest of {n} replicates: take {enough} or more "
        "before quoting it"
    ),
    marked("the lower limit is the smallest of {n} replicates: the true limit may lie further out"),
    marked("the upper limit is the largest of {n} replicates: the true limit may lie further out"),
    marked(
        "with two lists nothing can show whether they depend on each other, and the whole number hangs on that: a "
        "third list would tell"
    ),
    marked("saw nobody: {lists}; such a list tells nothing"),
    marked("some counts are known as ranges only; the limits cover the ranges"),
    marked("the limits take the chosen model as given, so they are too narrow"),
    marked("the interval takes the chosen model as given, which makes it too short; ask for a bootstrap"),
    marked(
        "the interval takes the selected model as given and covers too rarely (43 to 61 % at a nominal 80 to 95 %, "
        "Chan, Silverman and Vincent 2021); {list_method} repeats the selection"
    ),
    marked("the bootstrap is far from centred: its upper limit is {n} corrected for bias (BCa), {plain} as it stands"),
    marked("the estimate lies outside its own limits; the bootstrap is far from centred"),
    marked(
        "{n} of the replicates lie below the estimate, not half: small changes of the data change which pairs are "
        "selected"
    ),
    marked("{n} of {all} replicates have no estimate; they count as infinitely large"),
    marked("there is no upper limit"),
    marked("with one person less there is no estimate at all; the limits are bias-corrected only"),
    marked(
        "{n} of the records of the lists compared carry no shared identifier and are left out of the estimate; persons "
        "who never get an identifier are in no estimate, so that it may be too low"
    ),
    marked(
        "the number of everyone together is shown with warnings, the limits of all methods a factor of {n} apart; a "
        "part is no surer than the whole"
    ),
    marked("everyone together has no number that may be shown, so that a part of them has none either"),
    marked("all other groups are too small to set this one beside them"),
    marked("too few persons of this group are on two lists or more to estimate it; they stand in the total"),
    marked("too few persons with this form are on two lists or more to estimate them; they stand in the total"),
    marked(
        "{n} of the records of the lists compared carry neither a name nor a shared identifier and are left out of the "
        "estimate; persons who never get a name or an identifier are in no estimate, so that it may be too low"
    ),
    marked(
        "in {lists} fewer than half of the records carry an identifier shared with other lists, so that persons on two "
        "lists cannot be recognised"
    ),
    marked(
        "in {lists} fewer than half of the records carry a name or an identifier shared with other lists, so that "
        "persons on two lists cannot be recognised"
    ),
    marked(
        "the records carry no identifier shared by two lists or more, so that nobody can be recognised on two lists; "
        "without that, lists say nothing about those whom none of them saw"
    ),
    marked(
        "the records carry neither a name nor an identifier shared by two lists or more, so that nobody can be "
        "recognised on two lists; without that, lists say nothing about those whom none of them saw"
    ),
    marked("no person was recognised on two lists; either the lists share nobody, or their identifiers differ"),
    marked("nobody was recognised on two lists in this period"),
    marked("no list saw anybody"),
    marked("the table holds nobody"),
    marked("with other counts that the ranges allow there would be an estimate: it hangs on counts that are hidden"),
    marked("with some of the counts that the ranges allow no estimate exists; the limits cover the others only"),
)
CHANGES = (
    marked("interaction of all lists {n}"),
    marked("threshold {n}"),
    marked("prior count {n}"),
    marked("without list {list}"),
    marked("lists {list} and {list_other} merged"),
)
FAMILIES = (marked("Drawn from the model fitted to this table"),)

_NUMBER = r"[-+\u2212]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?%?"
_AMOUNT = rf"(?:fewer than |about )?{_NUMBER}"
_SLOT = re.compile(r"\\\{(\w+)\\\}")
_PARTS = re.compile(r"(?P<words>fewer than |about )?(?P<sign>[-+\u2212]?)(?P<value>[\d,]+(?:\.\d+)?)(?P<percent>%?)")


def reason_told(reason: str) -> str:
    """A reason as part of a sentence."""
    return _told(reason, REASONS)


def change_told(changed: str) -> str:
    """A changed choice as the label of a bar or a row."""
    return _told(changed, CHANGES)


def family_told(family: str) -> str:
    """The name of a family of tables with a known truth."""
    return _told(family, FAMILIES)


def recognised(words: str, messages: Iterable[str]) -> str | None:
    """The words in the language spoken, by the message that they were made from; None where none fits."""
    for message in messages:
        found = _pattern(message).fullmatch(words)
        if found:
            return _(message, **{name: _value(name, text) for name, text in found.groupdict().items()})
    return None


def _told(words: str, messages: Iterable[str]) -> str:
    told = recognised(words, messages)
    if told is None and spoken_now().right_to_left:
        return f"\u2066{words}\u2069"  # kept in its own direction
    return words if told is None else told


@cache
def _pattern(message: str) -> re.Pattern[str]:
    def slot(found: re.Match[str]) -> str:
        name = found[1]
        return f"(?P<{name}>{'.+?' if name.startswith('list') else _AMOUNT})"

    return re.compile(_SLOT.sub(slot, re.escape(message)))


def _value(name: str, text: str) -> str:
    """A number as the language writes it, with the decimals it has; a name as it is."""
    found = None if name.startswith("list") else _PARTS.fullmatch(text)
    if found is None:
        return text
    decimals = len(found["value"].partition(".")[2])
    value = number(float(found["value"].replace(",", "")), decimals)
    value = found["sign"] + (percent(value) if found["percent"] else value)
    if not found["words"]:
        return value
    return _("about {number}", number=value) if found["words"] == "about " else _("fewer than {number}", number=value)
