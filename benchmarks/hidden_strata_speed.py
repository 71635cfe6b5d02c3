"""CPU seconds of covariate models beside M. Cruyff's R packages: `python benchmarks/hidden_strata_speed.py`.

Reads `../shared/data/mse`. The peer's seconds are those noted in `../shared/research/mse-timings.csv` (R 4.2.2, one
core, its search and 200 replicates of the model given). Ours are measured here; compiled code is warmed up before.
"""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from palermo.hidden.answer import Settings
from palermo.hidden.capture import CaptureTable
from palermo.hidden.covariate_search import Search, choose
from palermo.hidden.design import counted, grid_of
from palermo.hidden.reading import read_csv
from palermo.hidden.strata import PLANS, Plan, estimate_by

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "mse"
BY = {
    "Spina_cov": ("eth",),
    "ScotPWID_cov": ("Region", "Gender", "Age"),
    "Simdat_cov": ("X1", "X2", "X3", "X4", "Y"),
    "Impute_sim_cov": ("a", "b", "c"),
}
LISTS = {"Spina_cov": 3, "ScotPWID_cov": 4, "Simdat_cov": 4, "Impute_sim_cov": 3}
YEAR = {"Simdat_cov": "Y"}
PEER = {
    ("Spina_cov", "search"): 0.139,
    ("ScotPWID_cov", "search"): 0.769,
    ("Simdat_cov", "search"): 41.354,
    ("Spina_cov", "limits, model given"): 0.893,
    ("Simdat_cov", "limits, model given"): 5.955,
    ("Impute_sim_cov", "EM, all two-way terms"): 0.242,
}


def _read(dataset: str) -> CaptureTable:
    path = SHARED / f"{dataset}.csv"
    header = path.read_text(encoding="utf-8").split("\n", 1)[0].split(",")
    return read_csv(path, tuple(header[: LISTS[dataset]]), drop_unseen=True)


def _search(dataset: str, table: CaptureTable) -> None:
    grid = grid_of(table, BY[dataset], YEAR.get(dataset))
    choose(Search(grid, counted(table, grid)[0]), "BIC")


def _given(dataset: str, table: CaptureTable) -> None:
    plan = Plan((), year=YEAR.get(dataset), smooth=True, reselect=False)
    estimate_by(table, BY[dataset], Settings(bootstrap=200), plan)


def _em(dataset: str, table: CaptureTable) -> None:
    estimate_by(table, BY[dataset], Settings(bootstrap=0), PLANS["covariate_loglinear_EM"])


def _pooled(dataset: str, table: CaptureTable) -> None:
    estimate_by(table, BY[dataset], Settings(bootstrap=200))


TASKS: dict[str, Callable[[str, CaptureTable], None]] = {
    "search": _search,
    "limits, model given": _given,
    "EM, all two-way terms": _em,
    "pooled, 200 replicates": _pooled,
}


def report() -> Iterator[str]:
    """The rows of the table. Limits include our search, which the peer's figure leaves out."""
    yield "| data set | what | Palermo | peer | times |\n|---|---|---:|---:|---:|"
    for dataset in BY:
        table = _read(dataset)
        for what, task in TASKS.items():
            gaps = any(None in values for values in table.covariates.values())
            if gaps != what.startswith("EM") and not what.startswith("pooled"):
                continue
            task(dataset, table)
            begun = time.process_time()
            task(dataset, table)
            spent, peer = time.process_time() - begun, PEER.get((dataset, what))
            beside = f"{peer:.3f} | {peer / spent:.0f}" if peer is not None else "- | -"
            yield f"| {dataset} | {what} | {spent:.3f} | {beside} |"


def main() -> None:
    """Print the table."""
    sys.stdout.writelines(f"{line}\n" for line in report())


if __name__ == "__main__":
    main()
