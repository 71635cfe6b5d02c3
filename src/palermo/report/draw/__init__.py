"""Drawing marks as accessible SVG: text as text, no script, patterns beside colours, one quantity in one drawing."""

from palermo.report.draw.drawing import drawings
from palermo.report.draw.geometry import Shape, read_geometry
from palermo.report.draw.legend import Mark, marks_used
from palermo.report.draw.tiles import PAPER, SCREEN, Layout

__all__ = ["PAPER", "SCREEN", "Layout", "Mark", "Shape", "drawings", "marks_used", "read_geometry"]
