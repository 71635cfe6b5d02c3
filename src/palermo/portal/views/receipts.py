"""The receipt of a number: what it counts, by which definition, from which lists, how protected, made by which code."""

from django.http import Http404, HttpRequest, HttpResponse

from palermo.portal.pages import page
from palermo.portal.places import holding
from palermo.report.amounts import written
from palermo.report.observations import decimals_of, observations_of
from palermo.report.page.receipts import definition, what_is


def receipt(request: HttpRequest, receipt_id: str) -> HttpResponse:
    """The receipt in the latest release that holds it, and the other releases that do."""
    held = holding(receipt_id)
    if not held:
        raise Http404(f"no receipt {receipt_id}")
    release, rows = held[0][0], observations_of(held[0][1])
    numbers = [(what_is(release, row), written(row.amount, decimals_of(row.unit))) for row in rows]
    told = definition(release.receipt_of(rows[0]), rows[0].indicator, 1)
    return page(request, "receipt.html", release, receipt_id=receipt_id, numbers=numbers, told=told, held=held)
