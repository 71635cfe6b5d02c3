"""Which pairs of records are compared: rules on equal keys, with limits, and an estimate of the true pairs they lose.

A rule is an equality of keys. Keys of blocks that would explode (one surname for all, a million records alike) are
emptied block by block, largest first, until the rule stays within its limit; what is left out is said. Keys are hashes
held in columns of their own, so that the join is on one number.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import duckdb

RECORDS = "palermo_records"
ALL_PAIRS = 600_000  # files with no more pairs than this are compared whole: no rule, no loss
LEAST_LIMIT = 1_500_000  # pairs that a rule may have whatever the number of records


@dataclass(frozen=True)
class Key:
    """A piece of a record that two records may share. ``domain`` groups keys that err together."""

    name: str
    sql: str
    domain: str


@dataclass(frozen=True)
class Rule:
    name: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class RuleCount:
    """``pairs`` that the rule lets through, ``largest`` block that it keeps, ``left_out`` records in larger blocks."""

    rule: Rule
    pairs: int
    largest: int
    left_out: int


@dataclass(frozen=True)
class Blocking:
    """The rules in force. ``whole`` says that every pair is compared and there are no rules."""

    counts: tuple[RuleCount, ...]
    whole: bool
    notices: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return ("every pair",) if self.whole else tuple(count.rule.name for count in self.counts)


_KEYS = {
    key.name: key
    for key in (
        Key("given", "given_skeleton", "name"),
        Key("family", "family_skeleton", "name"),
        Key("skeleton", "skeleton", "name"),
        Key("given_start", "left(given, 3)", "name"),
        Key("family_start", "left(family, 3)", "name"),
        Key("birth_date", "birth_date", "birth"),
        Key("birth_year", "birth_year", "birth"),
        Key("birth_month_day", "birth_month::INTEGER * 100 + birth_day", "birth"),
        Key(
            "birth_turned",
            "birth_year::INTEGER * 10000 + least(birth_month, birth_day)::INTEGER * 100 "
            "+ greatest(birth_month, birth_day)",
            "birth",
        ),
        Key("place", "place", "place"),
        Key("postcode", "postcode", "place"),
        Key("address", "address", "address"),
        Key("street_number", "street_number", "address"),
        Key("email", "email", "contact"),
        Key("email_name", "split_part(email, '@', 1)", "contact"),
        Key("phone", "phone", "contact"),
        Key("citizenship", "citizenship", "citizenship"),
    )
}
_COLUMNS = {
    "given_start": "given",
    "family_start": "family",
    "birth_date": "birth",
    "birth_year": "birth",
    "birth_month_day": "birth",
    "birth_turned": "birth",
    "email_name": "email",
    "skeleton": "tokens",
}
# Rules that use the most telling keys first; Splink gives a pair to the first rule that finds it.
_RULES = (
    ("birth_date",),
    ("email",),
    ("phone",),
    ("skeleton", "birth_year"),
    ("family", "birth_year"),
    ("given", "birth_year"),
    ("family", "given"),
    ("skeleton",),
    ("email_name",),
    ("address", "street_number"),
    ("birth_month_day", "family_start"),
    ("birth_month_day", "given_start"),
    ("birth_turned",),
    ("place", "family"),
    ("place", "given"),
    ("postcode", "street_number"),
    ("postcode", "family"),
    ("postcode", "given"),
    ("address", "birth_year"),
    ("postcode", "birth_year"),
    ("place", "street_number"),
    ("place", "birth_month_day"),
)


def rows_of(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    """Number of rows. The result is fetched whole: DuckDB 2 refuses other work beside an unfinished one."""
    return int(connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])


def key(name: str) -> Key:
    return _KEYS[name]


def rules_for(columns: Sequence[str]) -> tuple[Rule, ...]:
    """The rules whose keys the filled ``columns`` allow."""
    have = set(columns)
    usable = {name for name in _KEYS if _COLUMNS.get(name, name) in have}
    return tuple(Rule(" + ".join(keys), keys) for keys in _RULES if usable.issuperset(keys))


def add_keys(
    connection: duckdb.DuckDBPyConnection, columns: Sequence[str], limit: int, largest: dict[str, int] | None = None
) -> Blocking:
    """Give the table of records one column ``key_N`` for each rule, with the blocks that explode emptied.

    ``limit`` is the number of pairs that one rule may let through. ``largest`` holds block sizes of an earlier run, so
    that records added later meet the same rules.
    """
    records = rows_of(connection, RECORDS)
    if largest is None and records * (records - 1) // 2 <= ALL_PAIRS:
        return Blocking((), whole=True)
    rules = [rule for rule in rules_for(columns) if largest is None or rule.name in largest]
    made = ", ".join(f"{_hash(rule)} AS key_{number}" for number, rule in enumerate(rules))
    if made:
        connection.execute(f"CREATE OR REPLACE TABLE {RECORDS} AS SELECT *, {made} FROM {RECORDS}")
    counts, notices = [], []
    for number, rule in enumerate(rules):
        count = _limited(connection, number, rule, limit, None if largest is None else largest[rule.name])
        counts.append(count)
        if count.left_out:
            notices.append(
                f"rule {rule.name}: {count.left_out:,} records stand in blocks of more than {count.largest:,} and are "
                f"not compared by this rule (its limit is {limit:,} pairs)"
            )
    return Blocking(tuple(counts), whole=False, notices=tuple(notices))


def _hash(rule: Rule) -> str:
    """A number for the keys together; null where one of them is null."""
    parts = [_KEYS[name].sql for name in rule.keys]
    known = " AND ".join(f"({part}) IS NOT NULL" for part in parts)
    return f"CASE WHEN {known} THEN hash({', '.join(parts)}) END"


def _limited(
    connection: duckdb.DuckDBPyConnection, number: int, rule: Rule, limit: int, largest: int | None
) -> RuleCount:
    column = f"key_{number}"
    sizes = connection.execute(
        f"SELECT n, count(*) FROM (SELECT count(*) AS n FROM {RECORDS} WHERE {column} IS NOT NULL GROUP BY {column}) "
        "GROUP BY n ORDER BY n"
    ).fetchall()
    pairs, kept, left_out = 0, 1, 0
    for size, blocks in sizes:
        more = blocks * size * (size - 1) // 2
        if size <= largest if largest is not None else not left_out and pairs + more <= limit:
            pairs, kept = pairs + more, size
        else:
            left_out += blocks * size
    kept = largest if largest is not None else kept
    if left_out:
        connection.execute(
            f"UPDATE {RECORDS} SET {column} = NULL WHERE {column} IN "
            f"(SELECT {column} FROM {RECORDS} GROUP BY {column} HAVING count(*) > {kept})"
        )
    return RuleCount(rule, pairs, kept, left_out)


def conditions(blocking: Blocking, *, unique: bool, fresh: bool) -> Iterator[str]:
    """The rules in SQL. ``unique``: some list holds no person twice; ``fresh``: only pairs with a new record."""
    also = " AND l.apart <> r.apart" if unique else ""
    also += " AND (l.fresh OR r.fresh)" if fresh else ""
    if blocking.whole:
        yield f"1 = 1{also}"
    for number in range(len(blocking.counts)):
        yield f"l.key_{number} = r.key_{number}{also}"
