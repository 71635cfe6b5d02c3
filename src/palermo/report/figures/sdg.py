"""S1: SDG indicator 16.2.2, detected part: number and rate, with the UN's series codes.

The decision a reader would question: the form of exploitation stands in the series code, not in a dimension, as in the
UN's own data structure; only the forms that have a series are shown here.
"""

from palermo.language import _, marked
from palermo.report.amounts import NOT_PUBLISHED, Amount
from palermo.report.figure import Figure, Measure, Row, Stub, Table
from palermo.report.figures import parts
from palermo.report.figures.unseen import second_kind
from palermo.report.labels import PEOPLE as WOMEN_MEN_GIRLS_BOYS
from palermo.report.labels import PEOPLE_WITHIN, age_word, label
from palermo.report.marks import Bar, Bars, Quantity
from palermo.report.observations import Observation
from palermo.report.reading import Release

SDG = "sdg_16_2_2"
BY_FORM = "victims_by_form_sex_age"
# VC_HTF_DETV is the number, with R at its end the rate per 100,000; the form is part of the series code.
SERIES = {
    "_T": "VC_HTF_DETV",
    "sexual": "VC_HTF_DETVSX",
    "forced_labour": "VC_HTF_DETVFL",
    "organ_removal": "VC_HTF_DETVOG",
    "other": "VC_HTF_DETVOP",
}
PEOPLE = (
    ("_T", "_T"), ("F", "_T"), ("M", "_T"), ("_T", "Y_GE18"), ("_T", "Y0T17"),
    ("F", "Y_GE18"), ("M", "Y_GE18"), ("F", "Y0T17"), ("M", "Y0T17"),
)  # fmt: skip
TOTALS = {"_Z": "_T"}
NAMES = {
    **WOMEN_MEN_GIRLS_BOYS,
    ("F", "_T"): marked("Female"),
    ("M", "_T"): marked("Male"),
    ("_T", "_T"): marked("Everyone"),
    ("_T", "Y_GE18"): marked("Adults"),
    ("_T", "Y0T17"): marked("Children"),
}
NAMES_WITHIN = {  # the same within a sentence
    **PEOPLE_WITHIN,
    ("F", "_T"): marked("female"),
    ("M", "_T"): marked("male"),
    ("_T", "_T"): marked("everyone"),
    ("_T", "Y_GE18"): marked("adults"),
    ("_T", "Y0T17"): marked("children"),
}


def sdg_page(release: Release, area: str, period: str) -> Figure:
    """S1: the detected part of SDG 16.2.2."""
    at = parts.frame(release, "S1", _source(release, area), area, period)
    title = _(
        "SDG indicator 16.2.2, detected part: number and rate, by sex, age and form, in {where_when}",
        where_when=at.where_when,
    )
    numbers, rates = _cells(release, at, "PERSON"), _cells(release, at, "PER_100K")
    keys = [(form, *people) for form in SERIES for people in PEOPLE if (form, *people) in {**numbers, **rates}]
    if not keys:
        return parts.missing(at, title, _("The release holds no number or rate for SDG indicator 16.2.2."))
    drawn, unit, decimals = (rates, "PER_100K", 2) if _any_known(rates) else (numbers, "PERSON", 0)
    shown = {people: drawn["_T", *people] for people in PEOPLE if ("_T", *people) in drawn}
    bars = tuple(
        Bar(_(NAMES[people]), row.amount, Quantity(row.kind, unit), _look(*people)) for people, row in shown.items()
    )
    named = [(item.label, item.amount) for item in bars]
    said = parts.clauses([(_(NAMES_WITHIN[people]), row.amount) for people, row in shown.items()], decimals)
    lines = tuple(
        Row(
            ((SERIES[form], SERIES[form]), (sex, label("sex", sex)), (age, age_word(age))),
            (_amount(numbers, form, sex, age), _amount(rates, form, sex, age)),
            _form(form),
        )
        for form, sex, age in keys
    )
    return Figure(
        id=at.id,
        title=title,
        subtitle=_subtitle(unit, bool(rates)),
        note=_(
            "The indicator asks for all victims, detected and hidden; this is its detected part. The series code names "
            "the form; R at its end marks the rate."
        ),
        source=parts.source(release),
        table=Table(
            (Stub("series", _("Series")), Stub("sex", _("Sex")), Stub("age", _("Age"))),
            (Measure("persons", _("People"), "persons"), Measure("rate", _("Per 100,000"), "per 100,000", 2)),
            lines,
        ),
        marks=(Bars(bars, decimals=decimals),) if bars else (),
        alt=_("Bars by sex and age. {list}", list=parts.in_words(named, decimals)),
        observations=(*numbers.values(), *rates.values()),
        text=(*_sentences(said, unit), second_kind(release, at.area)),
        made_up=release.made_up,
    )


def _source(release: Release, area: str) -> str:
    return SDG if release.periods(SDG, area) else parts.people_source(release, area)


Cells = dict[tuple[str, str, str], Observation]


def _cells(release: Release, at: parts.Frame, unit: str) -> Cells:
    """Cells of a unit by (form, sex, age): of the SDG indicator, else of the tables it is made from."""
    rows = _released(release, at, SDG)
    if not any(row.unit == unit for row in rows):
        fallback = ("victims_rate",) if unit == "PER_100K" else (parts.people_source(release, at.area), BY_FORM)
        rows = [row for indicator in fallback for row in _released(release, at, indicator)]
    cells: Cells = {}
    for row in rows:
        if row.unit == unit:
            cells.setdefault((_total(row["form"]), _total(row["sex"]), _total(row["age"])), row)
    wanted = {(form, *people) for form in SERIES for people in PEOPLE}
    return {key: row for key, row in cells.items() if key in wanted}


def _released(release: Release, at: parts.Frame, indicator: str) -> list[Observation]:
    # A band names the series where persons with any form of its group count once.
    return release.find(
        indicator, at.area, at.period, form={*SERIES, "_Z"}, sex={"F", "M", "_T", "_Z"},
        age={"Y_GE18", "Y0T17", "_T", "_Z"},
        band={*SERIES.values(), "_T", "_Z"},
    )  # fmt: skip


def _total(code: str) -> str:
    return TOTALS.get(code, code)


def _any_known(cells: Cells) -> bool:
    return any(row.amount.is_known for row in cells.values())


def _amount(cells: Cells, form: str, sex: str, age: str) -> Amount:
    row = cells.get((form, sex, age))
    return row.amount if row else NOT_PUBLISHED


def _form(form: str) -> str:
    return _("All forms") if form == "_T" else label("form", form)


def _subtitle(unit: str, rates_hidden: bool) -> str:
    if unit == "PER_100K":
        return _("Detected victims per 100,000 people of the same sex and age")
    return _("Number of detected victims. {no_rate}", no_rate=parts.no_rate(rates_hidden))


def _look(sex: str, age: str) -> str:
    return parts.PEOPLE_LOOKS.get((sex, age), {"F": "women", "M": "men"}.get(sex, "plain"))


def _sentences(people: str, unit: str) -> tuple[str, ...]:
    if not people:
        return ()
    if unit == "PER_100K":
        return (_("Detected victims per 100,000 people (SDG 16.2.2, detected part): {people}.", people=people),)
    return (_("Detected victims (SDG 16.2.2, detected part): {people}.", people=people),)
