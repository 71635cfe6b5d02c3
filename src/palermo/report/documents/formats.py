"""What may be asked for with ``--format``, and which module writes it, loaded when it is first used.

The decision a reader would question: a format that needs a package which is not installed is refused before anything is
made, with the command that installs it, because a report of many pages is not made twice.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from palermo.errors import UsageError
from palermo.report.documents.report import Report

Files = dict[str, bytes]  # by name
PACKAGES = {"docx": "python-docx"}  # by the name of the module, where they are called otherwise


@dataclass(frozen=True)
class Format:
    """A format: the module whose ``files`` makes it, the packages that it needs, whether languages differ in it."""

    name: str
    module: str
    about: str
    needs: tuple[str, ...] = ()

    def files(self, report: Report) -> Files:
        """The files of the report in this format."""
        made: Callable[[Report], Files] = import_module(f"palermo.report.documents.{self.module}").files
        return made(report)

    @property
    def lacking(self) -> tuple[str, ...]:
        """The packages that it needs and that are not installed."""
        return tuple(name for name in self.needs if not is_installed(name))


def is_installed(package: str) -> bool:
    """Whether a package can be used. WeasyPrint is there and of no use where the system has no Pango."""
    if find_spec(package) is None:
        return False
    try:
        import_module(package)
    except OSError:
        return False
    return True


FORMATS = {
    one.name: one
    for one in (
        Format("html", "html", "the account as one page"),
        Format("pdf", "pdf", "the account as a tagged PDF", ("weasyprint",)),
        Format("docx", "word.document", "the account as a text that an office can edit", ("docx",)),
        Format("unodc", "unodc", "the tables of the UNODC questionnaire, as CSV and DOCX", ("docx",)),
        Format("sdg", "sdg", "indicator 16.2.2 in the official SDG structure, as SDMX-CSV"),
    )
}


def formats_named(names: Iterable[str]) -> tuple[Format, ...]:
    """The formats of these names, each once. Raises ``UsageError`` for another name and for a missing package."""
    wanted = tuple(dict.fromkeys(name.strip() for text in names for name in text.split(",") if name.strip()))
    unknown = [name for name in wanted if name not in FORMATS]
    if unknown or not wanted:
        raise UsageError(f"--format {','.join(unknown)}: found no such format; expected some of {', '.join(FORMATS)}")
    for name in wanted:
        if lacking := FORMATS[name].lacking:
            system = "; WeasyPrint needs Pango of the system too" if "weasyprint" in lacking else ""
            named = " and ".join(PACKAGES.get(package, package) for package in lacking)
            raise UsageError(f"--format {name} needs {named}: pip install 'palermo[documents]'{system}")
    return tuple(FORMATS[name] for name in wanted)
