"""Drawing marks as accessible SVG: text as text, no script, patterns beside colours, one quantity in one drawing."""

from palermo.report.draw.drawing import drawings
from palermo.report.draw.legend import Mark, marks_used

__all__ = ["Mark", "drawings", "marks_used"]
