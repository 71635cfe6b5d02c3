"""Tables that spread one breakdown over columns (``area, Female, Male, Total``), turned to one row a count.

The decision a reader would question: a file without a column of counts is a table only where two or more columns hold
counts and one of them is a total or a cell is marked as hidden; else it is a file of rows, one a person, in which 0 and
1 are flags.
"""

from collections.abc import Callable, Mapping

Columns = dict[str, list[str]]
Printed = Callable[[str], tuple[float, float, int]]

COLUMN, VALUE = "column", "value"
_SHARE = 0.8
_YEARS = range(1900, 2101)


def long_of(columns: Mapping[str, list[str]], printed: Printed, is_total: Callable[[str], bool]) -> Columns | None:
    """The columns of the long form; None where the file is no such table."""
    counts = [name for name, texts in columns.items() if _holds_counts(texts, printed)]
    marked = any(printed(text)[2] == 1 for name in counts for text in set(columns[name]))
    if len(counts) < 2 or not (marked or any(is_total(name) for name in counts)):
        return None
    codes = [name for name in columns if name not in counts]
    found: Columns = {name: columns[name] * len(counts) for name in codes}
    size = len(next(iter(columns.values())))
    found[COLUMN] = [name for name in counts for _ in range(size)]
    found[VALUE] = [text for name in counts for text in columns[name]]
    return found


def _holds_counts(texts: list[str], printed: Printed) -> bool:
    """Whether most cells are counts or marks of hidden ones, and not all of them years."""
    kinds = {text: printed(text) for text in set(texts)}
    told = [kinds[text] for text in texts if kinds[text][2] != 2 or kinds[text][0] != 0]
    good = [one for one in told if one[2] != 2]
    if not good or len(good) < _SHARE * len(told):
        return False
    return not all(low == high and low in _YEARS for low, high, _ in good)
