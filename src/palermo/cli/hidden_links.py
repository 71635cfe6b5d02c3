"""What ``palermo hidden`` says of linkage in the terminal: the number with and without its errors, and the curve."""

from typing import Any

from palermo.console import print_table, say

NUMBERS = ("without correction", "from", "to", "corrected", "from ", "to ", "links")


def show_links(told: dict[str, Any]) -> None:
    """Two tables: the estimators without and with correction, and the number against the threshold."""
    at = f"{told['threshold']:g}"
    if told["estimates"]:
        title = f"Errors of linkage taken out (threshold {at}, {told['labelled']:,} labelled pairs)"
        rows = [_estimate(row) for row in told["estimates"]]
        print_table(title, ("estimator", *NUMBERS), rows, NUMBERS)
        say("  links: share of the variance that comes from linkage; labelling more pairs takes it away.")
    curve = told["curve"]
    header = ("threshold", "seen", "on two lists or more", "without correction", "corrected")
    print_table(f"The number against the threshold ({curve['estimator']})", header, _points(curve["points"]), header)
    say(f"  The same people as in the table above; there by other models, here by {curve['estimator']} throughout.")
    if told["by_calibrated_overlaps"] is not None:
        say(f"  By overlaps as sums of calibrated probabilities: {told['by_calibrated_overlaps']:,.0f}.")
    if told["hindrance"]:
        say(f"  No number may stand alone: {told['hindrance']}.")


def _estimate(row: dict[str, Any]) -> tuple[str, ...]:
    names = ("uncorrected", "uncorrected_lower", "uncorrected_upper", "corrected", "lower", "upper")
    part = row["linkage_part"]
    return (row["estimator"], *(_number(row[name]) for name in names), "-" if part is None else f"{part:.0%}")


def _points(points: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    return [
        (
            f"{point['threshold']:g}",
            *(_number(point[name]) for name in ("seen", "shared", "uncorrected", "corrected")),
        )
        for point in points
    ]


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:,.0f}"
