"""Which lists are compared, and why nothing can be estimated from them where that is so.

The decision a reader would question: a list of which fewer than half of the records can be joined is left out. Compared
all the same, it would seem to share nobody with the others, and the estimate would be far too high.
"""

from collections.abc import Sequence

from palermo.hidden.capture import MAX_LISTS
from palermo.hidden.joined import Held, Person
from palermo.rounded_words import about_share
from palermo.settings import Hidden

IDENTIFIER, NAME = "an identifier", "a name or an identifier"  # by which a person is recognised on two lists
NONE = {IDENTIFIER: "no identifier", NAME: "neither a name nor an identifier"}
NONE_SHARED = {IDENTIFIER: "no shared identifier", NAME: "neither a name nor a shared identifier"}
LEAST_JOINED = 0.5  # a list with fewer of its records joinable is mostly not in the comparison
NEARLY_ALL = 0.98  # from this share on, records left out cannot move an answer by more than other errors


def comparable(held: Sequence[Held], settings: Hidden, by: str) -> tuple[tuple[str, ...], list[str]]:
    """The lists to compare: those named, or all whose records can mostly be joined; and notes on those left out."""
    if settings.lists:
        return settings.lists, []
    sizes = {entry.name: entry.keyed for entry in held}
    kept = tuple(entry.name for entry in held if entry.share >= LEAST_JOINED)
    notes = [
        f"List {entry.name} is not among the lists compared for the hidden number: too few of its records carry "
        f"{by} shared with other lists."
        for entry in held
        if entry.name not in kept and kept
    ]
    if len(kept) > MAX_LISTS:
        kept = tuple(sorted(sorted(kept, key=lambda name: -sizes[name])[:MAX_LISTS]))
        notes.append(f"Only the {MAX_LISTS} longest lists are compared for the hidden number.")
    return kept, notes


def hindrance(
    held: Sequence[Held], lists: tuple[str, ...], people: Sequence[tuple[Person, int]], asked: tuple[Hidden, str]
) -> str:
    """Why nothing can be estimated from these lists; empty where something can."""
    settings, by = asked
    by_name = {entry.name: entry for entry in held}
    without = [name for name in settings.lists if name not in by_name or by_name[name].share < LEAST_JOINED]
    if without:
        return (
            f"in {', '.join(without)} fewer than half of the records carry {by} shared with other lists, so "
            "that persons on two lists cannot be recognised"
        )
    if len(lists) < 2:
        return (
            f"the records carry {NONE[by]} shared by two lists or more, so that nobody can be "
            "recognised on two lists; without that, lists say nothing about those whom none of them saw"
        )
    if not any(len(person.lists & set(lists)) > 1 for person, _ in people):
        return "no person was recognised on two lists; either the lists share nobody, or their identifiers differ"
    return ""


def left_out_words(held: Sequence[Held], by: str) -> str:
    """What share of the records stands in no estimate, and what that means; empty where it is next to nothing."""
    records, keyed = sum(entry.records for entry in held), sum(entry.keyed for entry in held)
    if keyed >= NEARLY_ALL * records:
        return ""
    return (
        f"{about_share(1 - keyed / records)} of the records of the lists compared carry {NONE_SHARED[by]} and are "
        f"left out of the estimate; persons who never get {by} are in no estimate, so that it may be too low"
    )
