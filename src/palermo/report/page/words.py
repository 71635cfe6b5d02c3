"""Sentences that the page and the data files share. Constants are messages: ``_`` translates them where shown."""

from collections.abc import Mapping
from typing import Any

from palermo.language import _, marked, ngettext, number
from palermo.release import notice
from palermo.report.figure import Figure
from palermo.report.page.notes import note_told

TITLE = marked("Trafficking in persons: account of {area}")  # of an account that the office gave no title
DETECTED_ONLY = notice.DETECTED_ONLY
MADE_UP = marked("MADE UP DATA")
MADE_UP_SENTENCE = marked(
    "MADE UP DATA. No person in this account exists. It shows how an account looks, not what happened."
)

_FORMS = {
    "each": marked("A person with several forms of exploitation counts under each of them, and once in the total."),
    "mixed": marked("A person with several forms of exploitation counts once, under \u201cseveral forms\u201d."),
}
_AGE = {
    "unknown": marked("A person whose age is in doubt counts as \u201cage not known\u201d."),
    "child": marked("A person whose age is in doubt counts as a child."),
}

_STANDING = {
    "draft": marked(
        "DRAFT for the office. Nobody has made this a release and nobody has approved it: do not pass it on."
    ),
    "candidate": marked("NOT YET APPROVED. A second person must approve this release: do not pass it on."),
    "withdrawn": marked("WITHDRAWN. Do not use these figures."),
}


def of_kind(kind: str) -> str:
    """What a reader must know of this kind of number; empty where it is the sentence of people detected."""
    return _(notice.OF_KIND[kind]) if kind in notice.OF_KIND else ""


def of_figure(figure: Figure) -> str:
    """What a reader must know of a figure: its own sentence, else that of the one kind of number it shows."""
    kinds = {row.kind for row in figure.observations}
    return figure.about or (of_kind(kinds.pop()) if len(kinds) == 1 else "")


def about_figure(figure: Figure) -> str:
    """The fixed sentence under a figure."""
    return about(of_figure(figure), made_up=figure.made_up)


def about(sentence: str = "", *, made_up: bool = False) -> str:
    """The fixed sentence on what is counted, that of people detected where none is given; data made up say so first."""
    said = sentence or _(DETECTED_ONLY)
    return _(notice.MADE_UP, sentence=said) if made_up else said


def standing(said: Mapping[str, Any]) -> str:
    """The warning on top of a release that is not approved, or no longer; nothing where it is."""
    warning = _(_STANDING.get(str(said.get("status")), ""))
    reason = said.get("withdrawn_for")
    return _("{warning} Reason: {reason}.", warning=warning, reason=reason) if warning and reason else warning


def names(said: Mapping[str, Any]) -> str:
    """Who made and who approved a release, and what it replaces."""
    told = []
    if name := said.get("made_by"):
        told.append(_("made by {name}", name=name))
    if name := said.get("approved_by"):
        told.append(_("approved by {name}", name=name))
    if replaced := said.get("replaces"):
        told.append(_("in place of release {release}", release=replaced))
    return _(", ").join(told)


def counting_rules(metadata: Mapping[str, Any]) -> list[str]:
    """The rules by which people were counted, as sentences, then the notes that the account itself made."""
    rules = metadata.get("rules") or {}
    told = [
        _("A person who stands in several lists counts once where the lists allow it to be seen."),
        _(_FORMS.get(str(rules.get("forms", "each")), "")),
        _("Children are people under 18 years of age."),
        _(_AGE.get(str(rules.get("age_in_doubt", "unknown")), "")),
        _("Not known, not asked, hidden and zero are four different things and are never merged."),
        _("People detected, people assisted, people estimated and people exposed are never added to each other."),
    ]
    notes = metadata.get("notes") or ()
    return [sentence for sentence in [*told, *(note_told(str(note)) for note in notes)] if sentence]


def protection_rules(metadata: Mapping[str, Any], hidden: int) -> list[str]:
    """How people were protected, as sentences."""
    rules = {**(metadata.get("rules") or {}), **(metadata.get("protection") or {})}
    told = []
    if k := rules.get("k_tables"):
        told.append(
            _(
                "A number counted from records of persons is hidden where it is from 1 to {most}.",
                most=number(int(k) - 1),
            )
        )
    if k := rules.get("k_microdata"):
        near_records = marked("In tables so detailed that they come near to the records, from 1 to {most}.")
        told.append(_(near_records, most=number(int(k) - 1)))
    told.append(_("Figures that another office has already published are shown as it published them."))
    told.append(_("Further numbers are hidden where a hidden one would follow from them by subtraction."))
    if rounding := rules.get("rounding"):
        told.append(
            _(
                "Numbers are rounded to multiples of {rounding}, so parts need not add up to their total.",
                rounding=number(rounding) if isinstance(rounding, int) else rounding,
            )
        )
    return [*told, _hidden_numbers(hidden)]


def _hidden_numbers(hidden: int) -> str:
    if not hidden:
        return _("In this release no number is hidden.")
    return ngettext(
        "In this release {n} number is hidden. It is shown with the range that can be derived "
        "from everything else that is published, never as zero.",
        "In this release {n} numbers are hidden. Each is shown with the range that can be derived "
        "from everything else that is published, never as zero.",
        hidden,
        n=number(hidden),
    )
