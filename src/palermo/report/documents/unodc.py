"""A return in the manner of the UNODC questionnaire: tables of the Global Report's figure list with unit and period.

Three things: the numbers in the shape of the UNODC workbook, which our own adapter reads back; the tables of the
figures as CSV with a list of them; and the same tables as DOCX for the office to complete and send.
"""

from collections.abc import Iterator

from palermo.language import _, number
from palermo.report.data import figure_csv
from palermo.report.data.csv_text import csv_text
from palermo.report.documents.report import Report
from palermo.report.documents.unodc_rows import returned, rows_by_dimension, unodc_csv
from palermo.report.documents.word.document import assembled, warnings_and_title
from palermo.report.documents.word.figures import Part, figure_parts
from palermo.report.documents.word.markup import ENGLISH, Run, Writing
from palermo.report.documents.word.tables import Cell, table
from palermo.report.figure import Figure
from palermo.report.labels import period_name
from palermo.report.page import words

TABLES = ("N1", "L2", "L3", "P1", "P3", "P5", "F1", "F4", "F6", "C5", "C6", "C7", "C8", "S1")
UNITS_OF_ROWS = {"F4": "flows; persons"}  # of a table whose rows count different things
FOLDER = "unodc"


def files(report: Report) -> dict[str, bytes]:
    """The files of the return, in a folder of their own."""
    figures = [one for wanted in TABLES for one in report.figures if one.id == wanted]
    held = [one for one in figures if not one.missing]
    language = report.language
    made = {f"tables-{language}/{one.id}.csv": figure_csv(one) for one in held}
    made[f"tables-{language}/tables.csv"] = _list_of_tables(held)
    found = {name: text.encode() for name, text in made.items()}
    found["return.csv"] = unodc_csv(report).encode()
    found[f"return-{language}.docx"] = _docx(report, figures)
    return {f"{FOLDER}/{name}": content for name, content in found.items()}


def _list_of_tables(figures: list[Figure]) -> str:
    lines = [
        (one.id, one.title, _units(one), _periods(one), f"{one.id}.csv", words.about_figure(one)) for one in figures
    ]
    return csv_text(("table", "title", "unit", "period", "file", "about"), lines)


def _units(figure: Figure) -> str:
    units = dict.fromkeys(measure.unit for measure in figure.table.measures)
    said = "; ".join("percent" if unit == "%" else unit for unit in units if unit)
    return said or UNITS_OF_ROWS[figure.id]


def _periods(figure: Figure) -> str:
    found = sorted({row["time_period"] for row in figure.observations})
    return "; ".join(found)


def _docx(report: Report, figures: list[Figure]) -> bytes:
    writing = Writing(report.right_to_left)
    title = _("Return on trafficking in persons: {place}, {when}", place=report.place, when=period_name(report.period))
    return assembled(report, writing, title, _parts(report, writing, title, figures))


def _parts(report: Report, writing: Writing, title: str, figures: list[Figure]) -> Iterator[Part]:
    yield from warnings_and_title(report, writing, title)
    yield writing.paragraph(_(words.DETECTED_ONLY))
    yield writing.paragraph(_("Release {id}", id=report.release.id))
    yield writing.paragraph(_("Numbers returned"), style="Heading1")
    head = (Cell(_("Indicator")), Cell(_("Dimension")), Cell(_("Rows"), number=True))
    counted = rows_by_dimension(returned(report))
    lines = [
        (*(Cell(Run(text, kind=ENGLISH)) for text in of_the_file), Cell(number(rows), number=True))
        for *of_the_file, rows in counted
    ]
    yield table(writing, _("Numbers returned"), head, lines, (3, 2, 1))
    yield writing.paragraph(_("Tables"), style="Heading1")
    for figure in figures:
        yield from figure_parts(figure, writing, (), linked=False)
    yield writing.paragraph(_("How people were counted"), style="Heading1")
    yield from (writing.paragraph(sentence, style="ListBullet") for sentence in (*report.counting, *report.protection))
