"""One call from rows to a plan.

The decision a reader would question: the rows are taken as they are. One row is one person (or one count); who is the
same person was decided before, in the account.
"""

import pyarrow as pa

from palermo.errors import UsageError
from palermo.progress import Progress
from palermo.release.tables.plan import Plan, plan
from palermo.release.tables.reading import read_counts, read_persons
from palermo.release.tables.specification import Rules, Specification


def protect_tables(
    rows: pa.Table,
    specification: Specification,
    rules: Rules | None = None,
    *,
    value: str | None = None,
    source: str | None = None,
    sealed: str | None = None,
    progress: Progress = None,
) -> Plan:
    """Protect all tables of a specification at once.

    ``rows`` has one row per person, or with ``value`` (the column of the count) one row per count. ``source`` is the
    column of the list a person comes from, for the rule of dominance; ``sealed`` the column that marks sealed persons.
    Raises ``UsageError`` for codes and columns that are not known, ``RefusedError`` for parts that do not add up.
    """
    rules = rules or Rules()
    if value is not None:
        if source is not None or sealed is not None:
            raise UsageError("a table of counts has no sources and no sealed persons; give one row per person")
        return plan(read_counts(rows, specification, value), specification, rules, progress)
    if rules.dominance is not None and source is None:
        raise UsageError("the rule of dominance needs the column of the source (source=...)")
    if (rules.sealed is None) != (sealed is None):
        raise UsageError("sealed persons need both the rule (Rules.sealed) and the column that marks them (sealed=...)")
    marked = (sealed, rules.sealed) if sealed is not None and rules.sealed is not None else None
    leaves, specification = read_persons(rows, specification, source, marked)
    return plan(leaves, specification, rules, progress)
