"""What ``palermo link``, ``encode`` and ``review`` say in the terminal. No name and no date of a person is in it."""

from typing import Any

from palermo.console import print_table, say
from palermo.report.linkage.words import probability_told

Summary = dict[str, Any]
_MEASURES = (("precision", "precision"), ("recall", "recall"))


def show_linked(summary: Summary) -> None:
    """Lists, persons, score where there is a truth, and what the reader must know."""
    print_table("Records", ("list", "records"), [*summary["lists"].items()])
    say(f"{_joined(summary)} (threshold {probability_told(summary['threshold'])}).")
    if summary.get("score"):
        rows = [
            (name.replace("_", " "), probability_told(value) if name == "threshold" else _figure(value))
            for name, value in summary["score"].items()
        ]
        print_table("Pairs against the truth", ("", "value"), rows, ("value",))
    persons = summary.get("person_score")
    if persons:
        found = ", ".join(f"{name} {persons[key]:.3f}" for name, key in (("F1", "f1"), *_MEASURES))
        say(f"Persons: {persons['persons']:,} made, {persons['persons_true']:,} true; their pairs of records: {found}.")
    for notice in summary["notices"]:
        say(f"  Note: {notice}")
    say(f"Persons: {summary['memberships']} · pairs: {summary['pairs']} · report: {summary['report']}")


def show_stage(summary: Summary) -> None:
    """What the stage of a workspace found, in the words that the account uses."""
    say(f"{_joined(summary)}.")
    for note in summary["notes"]:
        say(f"  Note: {note}")
    more = f" · report: {summary['report']}" if "report" in summary else ""
    say(f"Persons: {summary['table']} (confidential){more}")


def _joined(summary: Summary) -> str:
    records, persons = summary["records"], summary["persons"]
    first = "1 record is" if records == 1 else f"{records:,} records are"
    return f"{first} of {persons:,} {'person' if persons == 1 else 'persons'}"


def _figure(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:.3f}"
