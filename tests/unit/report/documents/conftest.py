"""Reports of the made-up release, with few figures where a test makes pages of them."""

from dataclasses import replace
from importlib import import_module

import pytest

from palermo.language import speaking
from palermo.report.documents.report import Report, report_of

FEW = {"P1", "L2"}


def report_in(release, language: str, figures: set[str] | None = None) -> Report:
    """The report in a language, of these figures or of all."""
    with speaking(language):
        whole = report_of(release)
    if figures is None:
        return whole
    sections = tuple(
        (anchor, heading, tuple(one for one in group if one.id in figures)) for anchor, heading, group in whole.sections
    )
    annexes = tuple(one for one in whole.annexes if one.figure.id in figures)
    known = {one.definition for annex in annexes for one in annex.numbers}
    return replace(
        whole,
        sections=tuple(one for one in sections if one[2]),
        annexes=annexes,
        definitions=tuple(one for one in whole.definitions if one in known),
    )


@pytest.fixture(scope="session")
def report(release) -> Report:
    return report_in(release, "en")


@pytest.fixture(scope="session", params=["en", "ar", "zh"])
def short(request, release) -> Report:
    return report_in(release, request.param, FEW)


def pdf_of(page: str):
    """The objects of the tagged PDF of a page, with what we complete in it."""
    weasyprint, completed = import_module("weasyprint"), import_module("palermo.report.documents.tagging").completed
    held = []

    def kept(document, pdf):
        completed(document, pdf)
        held.append(pdf)

    weasyprint.HTML(string=page).write_pdf(pdf_variant="pdf/ua-1", finisher=kept)
    return held[0]


def object_at(made, reference):
    """The object of a PDF that a reference names."""
    return made.objects[int(reference.split()[0])]
