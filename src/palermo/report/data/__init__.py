"""Data files beside the page: a CSV per figure, the released cube with labels, a codebook and a README."""

from palermo.report.data.cube import cube_files
from palermo.report.data.figures import figure_csv
from palermo.report.data.readme import readme

__all__ = ["cube_files", "figure_csv", "readme"]
