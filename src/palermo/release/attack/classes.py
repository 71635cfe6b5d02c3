"""The smallest class of a k-anonymous file: every row counted, over all its columns.

The decision a reader would question: a blank is a value of its own, as in the making of such files: a row with blanks
hides among rows with the same blanks only.
"""

from palermo.release.attack.finding import Finding, Outcome, could_not, ran
from palermo.release.attack.material import OpenData
from palermo.release.tables.reading import read_rows, smallest_group

CLASSES = "k-anonymity"


def smallest_class(pack: OpenData, k: int | None) -> Outcome:
    """Count the rows of every class."""
    asked = pack.k or k
    if pack.is_noisy:
        return could_not(CLASSES, pack.name, "its rows are made up: noise protects it, not the size of classes")
    if asked is None:
        return could_not(CLASSES, pack.name, "no k: neither the file nor --k says how many must share a row")
    table = read_rows(pack.rows)
    if not table.num_rows:
        return could_not(CLASSES, pack.name, "it has no rows")
    smallest = smallest_group(table, table.column_names)
    words = f"classes of rows over {table.num_columns} columns; k = {asked}"
    found = []
    if smallest.rows < asked:
        found = [Finding(CLASSES, pack.name, f"a class of rows is shared by fewer than k = {asked} persons")]
    return ran(CLASSES, pack.name, smallest.groups, words, found)
