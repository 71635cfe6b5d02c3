"""The account as one page of HTML that opens offline, prints, and works without any script."""

from palermo.report.page.render import render_page

__all__ = ["render_page"]
