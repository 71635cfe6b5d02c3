"""Finding how a column writes its dates, and saying where day and month cannot be told apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

# Patterns in the order of trust: unambiguous ones first, day before month before month before day.
_ISO = "%Y-%m-%d"
_PATTERNS = (
    _ISO,
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M:%S",
    "%Y/%m/%d",
    "%Y%m%d",
    "%d.%m.%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%d.%m.%y",
    "%d/%m/%y",
    "%m/%d/%y",
    "%d %B %Y",
    "%d %b %Y",
    "%d-%b-%Y",
    "%B %d, %Y",
)
_TWINS = {"%d/%m/%Y": "%m/%d/%Y", "%d-%m-%Y": "%m-%d-%Y", "%d/%m/%y": "%m/%d/%y"}
_EARLIEST, _LATEST = 1900, 2100
MOST_TEXTS = 1_000  # enough to find a pattern


@dataclass(frozen=True)
class DateReading:
    """A pattern, the share of rows it reads, and the twin pattern that reads as many, where there is one.

    ``earliest`` is the first year among the dates.
    """

    pattern: str
    share: float
    twin: str | None = None
    earliest: int = 0

    @property
    def is_iso(self) -> bool:
        """Whether the mapping needs no date_format."""
        return self.pattern == _ISO


def read_dates(counts: Mapping[str, int]) -> DateReading | None:
    """The pattern that reads most rows, or None where none reads any."""
    counts = dict(list(counts.items())[:MOST_TEXTS])
    total = sum(counts.values())
    shares = {pattern: _rows_read(counts, pattern) / total for pattern in _PATTERNS} if total else {}
    best = max(shares, key=lambda pattern: shares[pattern], default=None)
    if best is None or shares[best] == 0:
        return None
    twin = _TWINS.get(best)
    same = twin is not None and shares[twin] == shares[best]
    years = (_year(text, best) for text in counts)
    return DateReading(best, shares[best], twin if same else None, min(year for year in years if year is not None))


def _rows_read(counts: Mapping[str, int], pattern: str) -> int:
    return sum(rows for text, rows in counts.items() if _year(text, pattern) is not None)


def _year(text: str, pattern: str) -> int | None:
    """The year of the date, or None where the pattern does not read the text."""
    if text.isdecimal() and len(text) != 8:
        return None  # strptime takes "20111" for a date
    try:
        year = datetime.strptime(text, pattern).replace(tzinfo=UTC).year  # a calendar date has no zone; any will do
    except ValueError:
        return None
    return year if _EARLIEST <= year <= _LATEST else None
