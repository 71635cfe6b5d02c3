"""The parts of an estimate in a release: everyone, and people by sex, age, form and year, with what stands behind each.

The decision a reader would question: a part without a number is still a part. It was refused or hidden, and to leave
it out would read as if it had not been asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from palermo.language import _, digits, marked
from palermo.report.amounts import NO_INTERVAL, REFUSED, Amount, State
from palermo.report.estimates.amounts import PERSONS
from palermo.report.estimates.inputs import WARNED
from palermo.report.labels import PEOPLE, age_word, label
from palermo.report.marks import Estimate
from palermo.report.observations import Observation
from palermo.report.reading import ALL_YEARS, Release

ALL, RANGE = "victims_estimated", "victims_estimated_range"
DETECTED, BY_FORM = "victims_by_sex_age", "victims_by_form_sex_age"
GROUPS = {  # blocks of rows, in their order
    "all": marked("Everyone"),
    "sex": marked("By sex"),
    "age": marked("By age"),
    "sex_age": marked("By sex and age"),
    "form": marked("By form of exploitation"),
    "year": marked("By year"),
}
AGES_WITHIN = {"Y_GE18": marked("adults"), "Y0T17": marked("children")}


@dataclass(frozen=True)
class Part:
    """One group of persons in one period: what was detected, what is estimated, and what stands behind it."""

    group: str  # a key of GROUPS
    name: str
    detected: Observation
    estimate: Observation
    reach: Observation
    behind: Mapping[str, Any]

    @property
    def is_warned(self) -> bool:
        """Whether the estimate is shown only with warnings."""
        return bool(self.behind.get("verdict") == WARNED)

    def mark(self) -> Estimate:
        """The estimate with its interval; without a number where it was refused or hidden."""
        return Estimate(self.name, estimate_amount(self.estimate), self.estimate.interval, PERSONS, self.is_warned)


def estimate_amount(row: Observation) -> Amount:
    """The estimate; refused where the account gives none, withheld where it came without an interval."""
    if row.amount.state is State.NO_FIGURE:
        return REFUSED
    return row.amount if row.interval or not row.amount.is_known else NO_INTERVAL


def parts_of(release: Release, area: str) -> list[Part]:
    """Everyone and every part that the account estimates or refuses to, in the order of ``GROUPS``."""
    rows = release.observations(ALL, area)
    made = [_part(release, row) for row in rows]
    return sorted(made, key=lambda part: list(GROUPS).index(part.group))


def _part(release: Release, row: Observation) -> Part:
    group, name = _named(row)
    codes = {key: row[key] for key in ("sex", "age", "form")}
    counted = BY_FORM if row["form"] != "_T" else DETECTED
    period = row["time_period"]
    behind = (release.receipts.get("estimates") or {}).get("answers", {})
    return Part(
        group=group,
        name=name,
        detected=release.one(counted, row["ref_area"], period, unit="PERSON", **codes),
        estimate=row,
        reach=release.one(RANGE, row["ref_area"], period, **codes),
        behind=behind.get(" ".join((period, *codes.values())), {}),
    )


def _named(row: Observation) -> tuple[str, str]:
    """The group of a row, as a key of ``GROUPS``, and the name of its people."""
    sex, age, form, period = (row[name] for name in ("sex", "age", "form", "time_period"))
    if form != "_T":
        group, name = "form", label("form", form)
    elif sex != "_T" and age != "_T":
        group, name = "sex_age", _of_sex_and_age(sex, age)
    elif sex != "_T":
        group, name = "sex", label("sex", sex)
    elif age != "_T":
        group, name = "age", age_word(age)
    else:
        return ("all", _(GROUPS["all"])) if period == ALL_YEARS else ("year", digits(period))
    if period == ALL_YEARS:
        return group, name
    return "year", _("{people}, {when}", people=name, when=digits(period))


def _of_sex_and_age(sex: str, age: str) -> str:
    if (sex, age) in PEOPLE:
        return _(PEOPLE[sex, age])
    years = _(AGES_WITHIN[age]) if age in AGES_WITHIN else label("age", age)
    return _("{sex}, {age}", sex=label("sex", sex), age=years)
