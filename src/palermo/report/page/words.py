"""Sentences that the page and the data files share."""

from collections.abc import Mapping
from typing import Any

DETECTED_ONLY = "These are people whom the listed services detected, not all people trafficked."
MADE_UP = "MADE UP DATA"
MADE_UP_SENTENCE = "MADE UP DATA. No person in this account exists. It shows how an account looks, not what happened."

_FORMS = {
    "each": "A person with several forms of exploitation counts under each of them, and once in the total.",
    "mixed": "A person with several forms of exploitation counts once, under \u201cseveral forms\u201d.",
}
_AGE = {
    "unknown": "A person whose age is in doubt counts as \u201cage not known\u201d.",
    "child": "A person whose age is in doubt counts as a child.",
}

_STANDING = {
    "draft": "DRAFT for the office. Nobody has made this a release and nobody has approved it: do not pass it on.",
    "candidate": "NOT YET APPROVED. A second person must approve this release: do not pass it on.",
    "withdrawn": "WITHDRAWN. Do not use these figures.",
}


def standing(said: Mapping[str, Any]) -> str:
    """The warning on top of a release that is not approved, or no longer; nothing where it is."""
    warning = _STANDING.get(str(said.get("status")), "")
    reason = said.get("withdrawn_for")
    return f"{warning} Reason: {reason}." if warning and reason else warning


def names(said: Mapping[str, Any]) -> str:
    """Who made and who approved a release, and what it replaces."""
    told = [("made by", said.get("made_by")), ("approved by", said.get("approved_by"))]
    told.append(("in place of release", said.get("replaces")))
    return ", ".join(f"{words} {name}" for words, name in told if name)


def counting_rules(metadata: Mapping[str, Any]) -> list[str]:
    """The rules by which people were counted, as sentences, then the notes that the account itself made."""
    rules = metadata.get("rules") or {}
    told = [
        "A person who stands in several lists counts once where the lists allow it to be seen.",
        _FORMS.get(str(rules.get("forms", "each")), ""),
        "Children are people under 18 years of age.",
        _AGE.get(str(rules.get("age_in_doubt", "unknown")), ""),
        "Not known, not asked, hidden and zero are four different things and are never merged.",
        "People detected, people assisted, people estimated and people exposed are never added to each other.",
    ]
    notes = metadata.get("notes") or ()
    return [sentence for sentence in [*told, *(str(note) for note in notes)] if sentence]


def protection_rules(metadata: Mapping[str, Any], hidden: int) -> list[str]:
    """How people were protected, as sentences."""
    rules = {**(metadata.get("rules") or {}), **(metadata.get("protection") or {})}
    told = []
    if k := rules.get("k_tables"):
        told.append(f"A number counted from records of persons is hidden where it is from 1 to {int(k) - 1}.")
    if k := rules.get("k_microdata"):
        told.append(f"In tables so detailed that they come near to the records, from 1 to {int(k) - 1}.")
    told.append("Figures that another office has already published are shown as it published them.")
    told.append("Further numbers are hidden where a hidden one would follow from them by subtraction.")
    if rounding := rules.get("rounding"):
        told.append(f"Numbers are rounded to multiples of {rounding}, so parts need not add up to their total.")
    if not hidden:
        return [*told, "In this release no number is hidden."]
    told.append(f"In this release {hidden:,} numbers are hidden. Each is shown with the range that can be derived "
                "from everything else that is published, never as zero.")  # fmt: skip
    return told
