"""What a person sees of linkage: how many records are of one person, and how sure that is. It holds no name."""

from palermo.report.linkage.found import LinkageFound
from palermo.report.linkage.page import linkage_page

__all__ = ["LinkageFound", "linkage_page"]
