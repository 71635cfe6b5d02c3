"""README.txt: what each file is, what the numbers are and are not, and how to cite them."""

from collections.abc import Sequence

from palermo.language import _, marked
from palermo.report.figure import Figure
from palermo.report.page import words
from palermo.report.page.render import title_of
from palermo.report.reading import Release

WIDTH = 22
COLUMN_WIDTH = 13
COLUMNS = (
    ("value", marked("the number; empty where it is hidden or only a range is known, never 0 instead")),
    ("lower, upper", marked("the least and the most it can be")),
    ("obs_status", marked("A normal, Q suppressed or printed as a range, E computed from a range, O missing")),
    ("conf_status", marked("F free, C hidden to protect a person")),
    ("status", marked("the same in words")),
)


def readme(release: Release, figures: Sequence[Figure]) -> str:
    """The text that travels with the files."""
    title = title_of(release)
    warning = [_(words.MADE_UP_SENTENCE), ""] if release.made_up else []
    said = release.standing
    warning += [words.standing(said), ""] if words.standing(said) else []
    files = [
        ("account.html", _("the account as one page; opens offline")),
        ("data/cube.parquet", _("every released number, with labels")),
        ("data/codebook.csv", _("columns and codes of the data files")),
    ]
    files += [(f"figures/{figure.id}.csv", figure.title) for figure in figures if not figure.missing]
    lines = [
        *warning,
        title,
        _(", ").join(part for part in (_("Release {id}", id=release.id), words.names(said)) if part),
        "",
        _(words.DETECTED_ONLY),
        "",
        _("Files"),
        *(f"  {name:<{WIDTH}}{meaning}" for name, meaning in files),
        "",
        _("Columns of the figures' files"),
        *(f"  {name:<{COLUMN_WIDTH}}{_(meaning)}" for name, meaning in COLUMNS),
        _(
            "Codes: _T total, _U not known, _N not asked, _Z not applicable. "
            "Not known, not asked, hidden and zero differ."
        ),
        _("A text that starts with = + - @ has a single quote before it, so that no spreadsheet runs it as a formula."),
        "",
        _("Cite as: {title}, release {id}.", title=title, id=release.id),
    ]
    return "\n".join(lines) + "\n"
