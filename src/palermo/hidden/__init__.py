"""Estimating those whom no list saw, by multiple systems estimation, with how sure one can be."""

from palermo.hidden.capture import CaptureTable
from palermo.hidden.estimate import compare, estimate

__all__ = ["CaptureTable", "compare", "estimate"]
