"""The figures of the account, in the order in which it shows them.

Ids are those of the figure list in the field's Global Report, as kept in the project's notes. Each maker is one
function ``(release, area, period) -> Figure``. Headings of sections are messages, translated where they are shown.
"""

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

SECTIONS: tuple[tuple[str, str, tuple[FigureMaker, ...]], ...] = (
    ("coverage", marked("What the account covers"), (coverage,)),
    (
        "victims",
        marked("Who was detected"),
        (victims_by_age_and_sex, victims_by_form, form_by_sex_and_age, people_within_forms),
    ),
    ("hidden", marked("The hidden number"), (hidden_number,)),
    ("trend", marked("Over time"), (detected_by_year, detected_trend, people_over_time, forms_over_time)),
    ("regions", marked("Region by region"), (parts_by_subregion, children_by_subregion)),
    (
        "movement",
        marked("Where they came from"),
        (
            reach,
            flows,
            origins_by_destination,
            destinations_by_origin,
            transregional_flows,
            nationals_among_victims,
        ),
    ),
    ("law", marked("What the law says"), (criminalisation_by_year, years_of_the_offence)),
    (
        "justice",
        marked("What the courts did"),
        (
            areas_by_convictions,
            convictions_rising_or_falling,
            justice_funnel,
            convicted_by_sex,
            convicted_by_citizenship,
            convictions_per_100k,
            few_convictions_many_victims,
        ),
    ),
    ("sdg", marked("Sustainable Development Goals"), (sdg_page,)),
    ("profile", marked("Profile on one page"), (country_profile,)),
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
