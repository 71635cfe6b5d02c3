"""Estimates by sex, age and form of exploitation, of one period.

The decision a reader would question: a group too small to compare is refused, and its persons count as of unknown
group, so that the total still holds them.
"""

from collections.abc import Sequence
from dataclasses import replace

from palermo.hidden.answer import Answer, Settings, refused
from palermo.hidden.capture import CaptureTable
from palermo.hidden.joined import Person, capture_table, form_of
from palermo.hidden.linkage_parts import Mended
from palermo.hidden.strata import estimate_by
from palermo.hidden.strata_model import PLANS, POOLED

NOT_RUN = "not_run"  # in place of an estimator where the stage refuses
LEAST_SHARED = 20  # a group with fewer persons on two lists or more gets no estimate of its own
# Two models that share what the groups have in common, so that a part too shows how much hangs on the method. Each
# stratum on its own is no third: it leaves out the persons of unknown sex or age, whom these two share out.
# The second takes its model as given, and says so: to choose it anew in every replicate would double the time.
BY_PARTS = (PLANS[POOLED], replace(PLANS["covariate_loglinear_stepwise_BIC"], reselect=False))


def by_people(table: CaptureTable, by: tuple[str, ...], settings: Settings, mended: Mended | None) -> list[Answer]:
    """Answers by sex and age. A group too small to compare is refused, and its persons count as of unknown group."""
    few = {name: _few(table, name) for name in by}
    usable = replace(
        table,
        covariates={
            name: tuple(None if value in few[name] else value for value in table.covariates[name]) for name in by
        },
    )
    kept = tuple(name for name in by if len(_levels(usable, name)) > 1)
    answers = _parted(usable, kept, settings, mended) if kept else []
    said = "too few persons of this group are on two lists or more to estimate it; they stand in the total"
    none = [_none(name, value, said, settings) for name in by for value in sorted(few[name])]
    for name in by:
        left = _levels(usable, name)
        if few[name] and len(left) == 1:
            none.append(_none(name, left.pop(), "all other groups are too small to set this one beside them", settings))
    return [*answers, *none]


def _none(name: str, value: str, said: str, settings: Settings) -> Answer:
    return replace(refused(NOT_RUN, settings.level, said), stratum=f"{name}={value}")


def _levels(table: CaptureTable, name: str) -> set[str]:
    return {value for value in table.covariates[name] if value is not None}


def _parted(table: CaptureTable, by: tuple[str, ...], settings: Settings, mended: Mended | None) -> list[Answer]:
    return [answer for plan in BY_PARTS for answer in estimate_by(table, by, settings, plan, mended)]


def on_several(table: CaptureTable) -> int:
    """Persons on two lists or more."""
    return table.n - int(table.exclusive.sum())


def _few(table: CaptureTable, name: str) -> set[str]:
    """The values of a covariate whose persons are hardly ever on two lists."""
    parts = [(key[0], part) for key, part in table.strata([name])]
    return {value for value, part in parts if value is not None and on_several(part) < LEAST_SHARED}


def by_form(
    people: Sequence[tuple[Person, int]], lists: tuple[str, ...], mixed: bool, how: tuple[Settings, Mended | None]
) -> list[Answer]:
    """Each form against all others, as a person may have suffered several: parts need not add up to the total."""
    settings, mended = how
    counted = [(replace(person, forms=form_of(person, mixed)), number) for person, number in people]
    answers: list[Answer] = []
    for form in sorted({form for person, _ in counted for form in person.forms}):
        table = capture_table(counted, lists, form)
        stratum = f"form={form}"
        if {"yes", "no"} & _few(table, "form") or len(table.strata(["form"])) < 2:
            said = "too few persons with this form are on two lists or more to estimate them; they stand in the total"
            answers.append(replace(refused(NOT_RUN, settings.level, said), stratum=stratum))
            continue
        found = _parted(table, ("form",), settings, mended)
        answers += [replace(answer, stratum=stratum) for answer in found if answer.stratum == "form=yes"]
    return answers
