"""The figures of the account, in the order in which it shows them.

Ids are those of the figure list in the field's Global Report, as kept in the project's notes. Each maker is one
function ``(release, area, period) -> Figure``. Headings of sections are messages, translated where they are shown.
"""

from palermo.language import marked
from palermo.report.figure import FigureMaker
from palermo.report.figures.convicted import convicted_by_sex
from palermo.report.figures.flows import flows, reach
from palermo.report.figures.forms import form_by_sex_and_age, victims_by_form
from palermo.report.figures.justice import areas_by_convictions, justice_funnel
from palermo.report.figures.people import victims_by_age_and_sex
from palermo.report.figures.profile import country_profile
from palermo.report.figures.sdg import sdg_page
from palermo.report.figures.trend import detected_trend
from palermo.report.figures.unseen import hidden_number
from palermo.report.figures.years import detected_by_year

SECTIONS: tuple[tuple[str, str, tuple[FigureMaker, ...]], ...] = (
    ("victims", marked("Who was detected"), (victims_by_age_and_sex, victims_by_form, form_by_sex_and_age)),
    ("hidden", marked("The hidden number"), (hidden_number,)),
    ("trend", marked("Over time"), (detected_by_year, detected_trend)),
    ("movement", marked("Where they came from"), (reach, flows)),
    ("justice", marked("What the courts did"), (areas_by_convictions, justice_funnel, convicted_by_sex)),
    ("sdg", marked("Sustainable Development Goals"), (sdg_page,)),
    ("profile", marked("Profile on one page"), (country_profile,)),
)
