"""Our estimates beside those of the R packages, for every data set: `python benchmarks/hidden_peers.py > table.md`.

The peers' figures are read from `../shared/data/mse/reference.csv` (R 4.2.2, seven packages). With ``--sampling`` the
Monte Carlo estimators run too, some minutes in all; without it only what is deterministic. Intervals of bootstraps are
left out: they are compared replicate by replicate in the golden tests.
"""

import argparse
import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from palermo.hidden.answer import Answer, Settings
from palermo.hidden.capture import CaptureTable
from palermo.hidden.reading import read_csv
from palermo.hidden.registry import ESTIMATORS, Cost

MSE = Path(__file__).resolve().parents[2] / "shared" / "data" / "mse"
BOOTSTRAPS = frozenset({"stepwise_BCa"})


def settings_of(row: dict[str, str]) -> Settings:
    """What the peer was asked, as our settings."""
    threshold = re.search(r"thresh\w*=(\d*\.?\d+)", row["settings"])
    order = re.search(r"maxorder=(\d)", row["settings"])
    delta = re.search(r"delta=(2\^-)?([\d.]+)", row["settings"])
    return Settings(
        bootstrap=0,
        threshold=float(threshold[1]) if threshold else 0.02,
        max_order=int(order[1]) if order else None,
        delta=None if delta is None else (2.0 ** -float(delta[2]) if delta[1] else float(delta[2])),
    )


@cache
def table(name: str) -> CaptureTable:
    """The capture table of a data set."""
    return read_csv(MSE / f"{name}.csv")


@cache
def ours(name: str, estimator: str, settings: Settings) -> Answer:
    """Our answer; the same question is answered once."""
    return ESTIMATORS[estimator].load()(table(name), settings)


def rows(sampling: bool) -> Iterator[tuple[str, ...]]:
    """One line per peer's figure that we have an estimator for."""
    with (MSE / "reference.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            entry = ESTIMATORS.get(row["estimator"])
            if entry is None or row["estimator"] in BOOTSTRAPS or entry.needs_covariates:
                continue
            if entry.cost is Cost.SAMPLING and (not sampling or "prior=improper" in row["settings"]):
                continue  # the prior is not a setting of ours
            answer = ours(row["dataset"], row["estimator"], settings_of(row))
            yield (
                row["dataset"], row["estimator"], f"{row['package']} {row['version']}", row["settings"][:40],
                _number(row["estimate"]), _number(answer.estimate), _difference(row["estimate"], answer.estimate),
            )  # fmt: skip


def _number(value: str | float | None) -> str:
    return "none" if value in ("", None) else f"{float(value):,.1f}"


def _difference(peer: str, mine: float | None) -> str:
    if peer == "" or mine is None:
        return "both none" if peer == "" and mine is None else "one refuses"
    gap = abs(mine - float(peer)) / float(peer) if float(peer) not in (0.0, float("inf")) else 0.0
    return "equal to 1e-6" if gap <= 1e-6 else f"{gap:.1e}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sampling", action="store_true", help="run the Monte Carlo estimators too")
    options = parser.parse_args()
    print("| data set | estimator | peer | asked | peer's estimate | ours | difference |")
    print("|---|---|---|---|---:|---:|---|")
    found = list(rows(options.sampling))
    for line in found:
        print("| " + " | ".join(cell.replace("|", "/") for cell in line) + " |")
    equal = sum(line[-1] in {"equal to 1e-6", "both none"} for line in found)
    print(f"\n{equal} of {len(found)} figures are equal to 1e-6 (or both refuse).")


if __name__ == "__main__":
    main()
