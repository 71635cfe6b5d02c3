"""A proposal as a mapping file, with what a person needs to correct it in comments.

Comments and values hold texts of coded columns only. Every text comes from a user's file and may hold anything, so
that line breaks and control characters are taken out before it stands in a comment.
"""

from collections.abc import Iterable

import tomlkit
from tomlkit.items import Table

from palermo.intake.propose.columns import FLAG, IDENTITY, IGNORED, MAPPED, ColumnProposal, Proposal, one_line

_INTRODUCTION = (
    "Proposed by `palermo map`. Check every line before you rely on a figure; docs/how-to/map-a-file.md explains how.",
    "A text that [fields.*.values] does not list is looked up in the code list of the column; a row with a text that",
    "neither knows goes to quarantine, with its row number.",
)


def proposal_toml(proposal: Proposal) -> str:
    """The mapping as TOML text that ``load_mapping`` reads."""
    document = tomlkit.document()
    for line in _INTRODUCTION:
        document.add(tomlkit.comment(line))
    if proposal.adapter is not None:
        document.add(_comment(f"This file has a known shape: intake reads it as {proposal.adapter} without a mapping."))
    for text in proposal.check:
        document.add(_comment(f"CHECK: {text}"))
    document.add("mapping", _head(proposal))
    fields = tomlkit.table(is_super_table=True)
    for target, columns in _by_target(proposal).items():
        flags = [one for one in columns if one.decision == FLAG]
        fields.add(target, _flags(flags) if flags else _field(columns[0]))
    for constant in proposal.constants:
        table = tomlkit.table()
        table.add(_comment(constant.reason))
        table.add("constant", constant.value)
        fields.add(constant.target, table)
    document.add("fields", fields)
    if identifying := proposal.of(IDENTITY):
        document.add("identity", _identity(identifying))
    ignored = tomlkit.table()
    for one in proposal.of(IGNORED):
        ignored.add(tomlkit.key(one.column), one_line("; ".join(one.reasons)))
    document.add("ignored", ignored)
    return tomlkit.dumps(document)


def _by_target(proposal: Proposal) -> dict[str, list[ColumnProposal]]:
    found: dict[str, list[ColumnProposal]] = {}
    for one in proposal.columns:
        if one.decision in {MAPPED, FLAG} and one.target is not None:
            found.setdefault(one.target, []).append(one)
    return found


def _head(proposal: Proposal) -> Table:
    table = tomlkit.table()
    table.add("name", proposal.file.split(".")[0] or "proposal")
    table.add(_comment(proposal.table_reason))
    table.add("table", proposal.table)
    for key, value in (
        ("encoding", proposal.encoding),
        ("delimiter", proposal.delimiter),
        ("sheet", proposal.sheet),
    ):
        if value is not None:
            table.add(key, value)
    if proposal.header_row != 1:
        table.add("header_row", proposal.header_row)
    return table


def _field(one: ColumnProposal) -> Table:
    table = tomlkit.table()
    table.add(_comment(f"Confidence {one.confidence:.0%}: {'; '.join(one.reasons)}"))
    _add_checks(table, one.check)
    table.add("column", one.column)
    if one.date_format is not None:
        table.add("date_format", one.date_format)
    if one.separator is not None:
        table.add("separator", one.separator)
    _add_nothing(table, one.unknown, one.not_asked)
    for odd in one.unmatched:
        nearest = f"nearest: {', '.join(odd.nearest)}" if odd.nearest else "no near code"
        table.add(_comment(f'NO CODE for "{odd.text}" ({odd.rows} rows); {nearest}. Add it to the values.'))
    if one.values:
        values = tomlkit.table()
        for text, code in sorted(one.values.items()):
            values.add(tomlkit.key(text), code)
        table.add("values", values)
    return table


def _identity(columns: Iterable[ColumnProposal]) -> Table:
    table = tomlkit.table()
    table.add(_comment("Names and birth dates join the records of one person. They are kept in a closed folder apart"))
    table.add(_comment("from the cases and never counted or shown. Delete this table to leave them unread."))
    others = []
    for one in columns:
        if one.target == "other_names":
            others.append(one.column)
        elif one.target is not None:
            table.add(one.target, one.column)
            if one.date_format is not None:
                table.add("date_format", one.date_format)
    if others:
        table.add("other_names", others)
    return table


def _flags(columns: list[ColumnProposal]) -> Table:
    table = tomlkit.table()
    table.add(_comment("Yes/no columns, each standing for the code beside it."))
    _add_checks(table, (text for one in columns for text in one.check))
    unknown = sorted({text for one in columns for text in one.unknown})
    _add_nothing(table, unknown, ())
    flags = tomlkit.table()
    for one in columns:
        if one.code is not None:
            flags.add(tomlkit.key(one.column), one.code)
    table.add("flags", flags)
    return table


def _add_checks(table: Table, checks: Iterable[str]) -> None:
    for text in checks:
        table.add(_comment(f"CHECK: {text}"))


def _add_nothing(table: Table, unknown: Iterable[str], not_asked: Iterable[str]) -> None:
    if list(unknown) != [""]:
        table.add("unknown", list(unknown))
    if list(not_asked):
        table.add("not_asked", list(not_asked))


def _comment(text: str) -> tomlkit.items.Comment:
    return tomlkit.comment(one_line(text))
