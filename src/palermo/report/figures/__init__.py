"""The figures of the account, in the order in which it shows them.

Ids are those of the figure list in the field's Global Report, as kept in the project's notes. Each maker is one
function ``(release, area, period) -> Figure``. Headings of sections are messages, translated where they are shown.
"""

from collections.abc import Mapping

from palermo.language import marked
from palermo.report.figure import FigureMaker
from palermo.report.figures.citizenship import convicted_by_citizenship, nationals_among_victims
from palermo.report.figures.convicted import convicted_by_sex
from palermo.report.figures.conviction_gap import few_convictions_many_victims
from palermo.report.figures.conviction_rate import convictions_per_100k
from palermo.report.figures.conviction_trend import convictions_rising_or_falling
from palermo.report.figures.coverage import coverage
from palermo.report.figures.criminalisation import criminalisation_by_year, years_of_the_offence
from palermo.report.figures.flows import flows, reach
from palermo.report.figures.forms import form_by_sex_and_age, victims_by_form
from palermo.report.figures.forms_over_time import forms_over_time
from palermo.report.figures.justice import areas_by_convictions, justice_funnel
from palermo.report.figures.main_flows import transregional_flows
from palermo.report.figures.origins import destinations_by_origin, origins_by_destination
from palermo.report.figures.people import victims_by_age_and_sex
from palermo.report.figures.people_over_time import people_over_time
from palermo.report.figures.people_within_forms import people_within_forms
from palermo.report.figures.profile import country_profile
from palermo.report.figures.regions import children_by_subregion, parts_by_subregion
from palermo.report.figures.sdg import sdg_page
from palermo.report.figures.trend import detected_trend
from palermo.report.figures.unseen import hidden_number
from palermo.report.figures.years import detected_by_year

SECTIONS: tuple[tuple[str, str, Mapping[str, FigureMaker]], ...] = (
    ("coverage", marked("What the account covers"), {"L1": coverage}),
    (
        "victims",
        marked("Who was detected"),
        {"P1": victims_by_age_and_sex, "P3": victims_by_form, "P5": form_by_sex_and_age, "P6": people_within_forms},
    ),
    ("hidden", marked("The hidden number"), {"E1": hidden_number}),
    (
        "trend",
        marked("Over time"),
        {"L3": detected_by_year, "L2": detected_trend, "P2": people_over_time, "P4": forms_over_time},
    ),
    ("regions", marked("Region by region"), {"P7": parts_by_subregion, "P8": children_by_subregion}),
    (
        "movement",
        marked("Where they came from"),
        {
            "F1": reach,
            "F4": flows,
            "F2": origins_by_destination,
            "F3": destinations_by_origin,
            "F5": transregional_flows,
            "F6": nationals_among_victims,
        },
    ),
    ("law", marked("What the law says"), {"C1": criminalisation_by_year, "C2": years_of_the_offence}),
    (
        "justice",
        marked("What the courts did"),
        {
            "C3": areas_by_convictions,
            "C4": convictions_rising_or_falling,
            "C5": justice_funnel,
            "C6": convicted_by_sex,
            "C7": convicted_by_citizenship,
            "C8": convictions_per_100k,
            "C9": few_convictions_many_victims,
        },
    ),
    ("sdg", marked("Sustainable Development Goals"), {"S1": sdg_page}),
    ("profile", marked("Profile on one page"), {"N1": country_profile}),
)
# Figures that set countries side by side: in the account of one country they would always be empty.
OF_SEVERAL_COUNTRIES: frozenset[FigureMaker] = frozenset(
    {
        parts_by_subregion,
        children_by_subregion,
        criminalisation_by_year,
        years_of_the_offence,
        convictions_rising_or_falling,
        few_convictions_many_victims,
    }
)
BY_ID: Mapping[str, FigureMaker] = {name: make for *_, makers in SECTIONS for name, make in makers.items()}
