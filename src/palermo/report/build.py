"""From a release folder to the published account: page and data files, whole or not at all.

The decision a reader would question: only files that an earlier report wrote (they are listed in its ``files.txt``) are
removed, so that nothing a person has put beside them is lost.
"""

from dataclasses import dataclass
from pathlib import Path

from palermo.errors import UsageError
from palermo.progress import Progress
from palermo.report.account import last_period, sections_of
from palermo.report.data import cube_files, figure_csv, readme
from palermo.report.opening import open_release
from palermo.report.page import render_page
from palermo.report.placing import place_files
from palermo.report.reading import Release

PAGE = "account.html"


@dataclass(frozen=True)
class ReportResult:
    """What was written. ``figures`` counts those that the release could fill."""

    html: Path
    files: tuple[Path, ...]
    figures: int


def write_report(release_path: Path, out_dir: Path, progress: Progress = None) -> ReportResult:
    """Write the account of a release into ``out_dir``.

    Raises ``PalermoError`` where the release was changed or a figure would mix kinds, ``UsageError`` where ``out_dir``
    is a file.
    """
    if out_dir.exists() and not out_dir.is_dir():
        raise UsageError(
            f"{out_dir}: found a file, expected a folder to write the report into; name another with --out"
        )
    tell = progress or _silent
    tell(0, 3, "reading the release")
    release = open_release(release_path)
    tell(1, 3, "making the figures")
    contents, filled = report_contents(release)
    tell(2, 3, "writing the files")
    written = place_files(contents, out_dir)
    tell(3, 3, f"{filled} figures written")
    return ReportResult(out_dir / PAGE, written, filled)


def report_contents(release: Release) -> tuple[dict[str, bytes], int]:
    """Every file of the report by its name, and how many figures the release could fill."""
    sections = sections_of(release)
    figures = [figure for *_, group in sections for figure in group]
    filled = [figure for figure in figures if not figure.missing]
    contents = {PAGE: render_page(release, sections, last_period(release)).encode()}
    contents |= {f"figures/{figure.id}.csv": figure_csv(figure).encode() for figure in filled}
    contents |= {f"data/{name}": content for name, content in cube_files(release).items()}
    contents["README.txt"] = readme(release, figures).encode()
    return contents, len(filled)


def _silent(_done: float, _total: float | None, _text: str) -> None:
    return None
