"""The report as a tagged PDF (PDF/UA-1) by WeasyPrint: language, title, headings as bookmarks, tables with headers.

The decision a reader would question: the file carries no date and its identifier is a hash of the text it is made from,
so that the same release gives the same bytes. Nothing is fetched: a text that asked for a file would fail.
"""

import hashlib
import logging

from weasyprint import HTML

from palermo.errors import PalermoError
from palermo.report.documents.html import print_html
from palermo.report.documents.report import Report

VARIANT = "pdf/ua-1"


def files(report: Report) -> dict[str, bytes]:
    """The PDF of the report."""
    return {f"account-{report.language}.pdf": pdf_of(print_html(report), VARIANT)}


def pdf_of(text: str, variant: str | None = None) -> bytes:
    """A PDF of a text in HTML that stands alone."""
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)  # it warns of rules that are for browsers
    identifier = hashlib.sha256(text.encode()).hexdigest()[:32].encode()
    made = HTML(string=text, base_url="", url_fetcher=_fetch).write_pdf(pdf_variant=variant, pdf_identifier=identifier)
    return bytes(made or b"")


def _fetch(url: str, *_more: object, **_named: object) -> dict[str, object]:
    raise PalermoError(f"the document asks for {url}; a document holds all that it shows")
