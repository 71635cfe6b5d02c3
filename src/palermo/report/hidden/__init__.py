"""What a person sees of the hidden number: figures made from answers, and one page that a rapporteur can read."""

from palermo.report.estimates.inputs import Coverage, ModelPoint
from palermo.report.hidden.inputs import HiddenNumber, coverage_of, models_of
from palermo.report.hidden.page import figures_of, hidden_page

__all__ = ["Coverage", "HiddenNumber", "ModelPoint", "coverage_of", "figures_of", "hidden_page", "models_of"]
