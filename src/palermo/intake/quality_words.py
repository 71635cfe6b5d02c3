"""The words of a quality report, for the terminal and for the page.

They are made from the report as plain data, so that a report read back from its JSON file says the same.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from palermo.console import print_table, say
from palermo.intake.quality import EXAMPLES


def answer_lines(answers: Mapping[str, Mapping[str, int]]) -> Iterable[str]:
    """What a blank means in the yes/no columns of the file, in words."""
    silent = [name for name, counts in answers.items() if not counts.get("no") and counts.get("blank")]
    both = [name for name, counts in answers.items() if counts.get("no") and counts.get("blank")]
    if silent:
        yield (
            f"{len(silent)} yes/no columns never say no ({_some(silent)}): a blank there may mean no or not recorded, "
            "so shares are of the rows with any yes in the group"
        )
    if both:
        yield f"{len(both)} yes/no columns hold both no and blank ({_some(both)}): a blank is unknown there, not no"


def _some(names: list[str]) -> str:
    return ", ".join(names[:EXAMPLES]) + (", ..." if len(names) > EXAMPLES else "")


def print_quality(report: Mapping[str, Any]) -> None:
    """Show a report (``QualityReport.to_dict()``) on the terminal: the counts, then what needs a person's eye."""
    say(
        f"{report['list']}: {report['file']}: read {report['read']:,} = accepted {report['accepted']:,} "
        f"+ quarantined {report['quarantined']:,}"
    )
    if report["refused"]:
        say(f"Refused: {report['refused']}")
    if report["faults"]:
        rows = [(x["column"] or "(row)", x["reason"], x["count"], _example(x["examples"])) for x in report["faults"]]
        print_table("Quarantined", ("column", "reason", "rows", "for example"), rows)
    if report["notices"]:
        notes = [(note["kind"], note["column"], note["count"], note["message"]) for note in report["notices"]]
        print_table("Accepted, and worth knowing", ("kind", "column", "count", "what"), notes)
    for line in answer_lines(report["answers"]):
        say(line)
    for name, table in report["tables"].items():
        shares = list(unknown_rows(table))
        if shares:
            print_table(f"Unknown and not asked in {name}", ("column", "unknown", "not asked", "unknown, %"), shares)
        for line in table_lines(table):
            say(line)


def _example(examples: Mapping[str, str]) -> str:
    found, expected = next(iter(examples.items()))
    return f"found {found!r}, expected {expected}"


def unknown_rows(table: dict[str, Any]) -> Iterable[tuple[str, int, int, float]]:
    """For each column with gaps: its name, how many unknown, how many not asked, and unknown as per cent of rows."""
    for name, counts in table["nothing"].items():
        if counts["unknown"] or counts["not_asked"]:
            share = round(100 * counts["unknown"] / table["rows"], 1) if table["rows"] else 0.0
            yield name, counts["unknown"], counts["not_asked"], share


def table_lines(table: dict[str, Any]) -> Iterable[str]:
    """What the checks over all rows found, in words."""
    if table.get("repeated_ids"):
        rows = ", ".join(map(str, table["repeated_id_rows"]))
        yield f"{table['repeated_ids']:,} rows repeat the identifier of another row (for example rows {rows})"
    if table.get("repeated_keys"):
        yield (
            f"{table['repeated_keys']:,} figures stand in several rows, {table['conflicting_keys']:,} of them with "
            "different values; the account gives those as ranges"
        )
    if table.get("sexes_perhaps_exchanged"):
        female, male = table["sexes_perhaps_exchanged"]
        yield (
            f"{female:,} women and {male:,} men are recorded as sexually exploited; "
            "that is rare enough to check whether the codes of sex are exchanged"
        )
    if table.get("identical_rows"):
        yield (
            f"{table['identical_rows']:,} rows say the same as another row in every column but the identifier; "
            "several persons may well share all of it, so they are kept"
        )
