"""The quality report as one HTML page that opens offline; every text of the file is escaped by the template engine."""

from jinja2 import Environment, PackageLoader, StrictUndefined

from palermo.intake.quality import QualityReport
from palermo.intake.quality_words import answer_lines, table_lines, unknown_rows


def quality_page(report: QualityReport) -> str:
    """The page for one report."""
    environment = Environment(
        loader=PackageLoader("palermo.intake"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template = environment.get_template("quality.html")
    tables = [(name, list(unknown_rows(table)), list(table_lines(table))) for name, table in report.tables.items()]
    return template.render(report=report, answers=list(answer_lines(report.answers)), tables=tables)
