"""README.txt: what each file is, what the numbers are and are not, and how to cite them."""

from collections.abc import Sequence

from palermo.report.figure import Figure
from palermo.report.page import words
from palermo.report.reading import Release

WIDTH = 22


def readme(release: Release, figures: Sequence[Figure]) -> str:
    """The text that travels with the files."""
    title = release.metadata.get("title") or f"Trafficking in persons: account of {release.area_name}"
    warning = [words.MADE_UP_SENTENCE, ""] if release.made_up else []
    said = release.metadata.get("standing", {})
    warning += [words.standing(said), ""] if words.standing(said) else []
    files = [
        ("account.html", "the account as one page; opens offline"),
        ("data/cube.parquet", "every released number, with labels"),
        ("data/codebook.csv", "columns and codes of the data files"),
    ]
    files += [(f"figures/{figure.id}.csv", figure.title) for figure in figures if not figure.missing]
    lines = [
        *warning,
        str(title),
        ", ".join(part for part in (f"Release {release.id}", words.names(said)) if part),
        "",
        words.DETECTED_ONLY,
        "",
        "Files",
        *(f"  {name:<{WIDTH}}{meaning}" for name, meaning in files),
        "",
        "Columns of the figures' files",
        "  value        the number; empty where it is hidden or only a range is known, never 0 instead",
        "  lower, upper the least and the most it can be",
        "  obs_status   A normal, Q suppressed or printed as a range, E computed from a range, O missing",
        "  conf_status  F free, C hidden to protect a person",
        "  status       the same in words",
        "Codes: _T total, _U not known, _N not asked, _Z not applicable. Not known, not asked, hidden and zero differ.",
        "A text that starts with = + - @ has a single quote before it, so that no spreadsheet runs it as a formula.",
        "",
        f"Cite as: {title}, release {release.id}.",
    ]
    return "\n".join(lines) + "\n"
