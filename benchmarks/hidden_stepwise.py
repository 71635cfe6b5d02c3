"""Stepwise selection with a BCa bootstrap that repeats it against R packages: `python benchmarks/hidden_stepwise.py`.

One answer: the estimate, 1,000 replicates with the whole selection, jackknife and four kinds of limits.
"""

from hidden_clock import cpu_seconds, head, made_up, peer_seconds, row, shared_table

from palermo.hidden.answer import Settings
from palermo.hidden.capture import CaptureTable
from palermo.hidden.estimators.stepwise import stepwise_bca

DATA_SETS = ("UKdat", "UKdat_5", "Ned", "Ned_5", "NewOrl", "NewOrl_5", "Western", "Australia", "Kosovo", "Korea")
PEERS = {"stepwise_BCa": "SparseMSE 2.0.1", "stepwise_BCa_MSE12": "MultipleSystemsEstimation 1.2.0"}


def seconds(table: CaptureTable, replicates: int, runs: int = 3) -> float:
    """CPU seconds of one answer."""
    return cpu_seconds(lambda: stepwise_bca(table, Settings(bootstrap=replicates)), runs)


def main() -> None:
    stepwise_bca(made_up(3), Settings(bootstrap=1))
    print(head("data set", "lists", "peer", "R, CPU s", "ours, CPU s", "faster", "ours, 10,000 replicates, CPU s"))
    for name in DATA_SETS:
        table = shared_table(name)
        own, many = seconds(table, 1000), seconds(table, 10_000, runs=1)
        for estimator, package in PEERS.items():
            if peer := peer_seconds().get((name, estimator)):
                print(row(name, table.k, package, f"{peer:.1f}", f"{own:.3f}", f"{peer / own:,.0f}", f"{many:.2f}"))


if __name__ == "__main__":
    main()
