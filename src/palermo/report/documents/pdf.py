"""The report as a tagged PDF (PDF/UA-1) by WeasyPrint: language, title, headings as bookmarks, tables with headers.

The decision a reader would question: the file carries no date and its identifier is a hash of the text it is made from,
so that the same release gives the same bytes. Nothing is fetched: a text that asked for a file would fail.
"""

import hashlib
import logging

from weasyprint import HTML
from weasyprint.urls import FatalURLFetchingError, URLFetcher

from palermo.errors import PalermoError
from palermo.report.documents.html import print_html
from palermo.report.documents.report import Report
from palermo.report.documents.tagging import completed

VARIANT = "pdf/ua-1"


def files(report: Report) -> dict[str, bytes]:
    """The PDF of the report."""
    return {f"account-{report.language}.pdf": pdf_of(print_html(report), VARIANT)}


def pdf_of(text: str, variant: str | None = None) -> bytes:
    """A PDF of a text in HTML. Raises ``PalermoError`` where it asks for anything that is not in it."""
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)  # it warns of rules that are for browsers
    identifier = hashlib.sha256(text.encode()).hexdigest()[:32].encode()
    nothing = URLFetcher(allowed_protocols=(), fail_on_errors=True)
    try:
        made = HTML(string=text, url_fetcher=nothing).write_pdf(
            pdf_variant=variant, pdf_identifier=identifier, finisher=completed if variant else None
        )
    except FatalURLFetchingError as error:
        raise PalermoError(f"a document holds all that it shows, and this one asks for more: {error}") from None
    return bytes(made or b"")
