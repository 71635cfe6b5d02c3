"""The average over decomposable graphs against dga 2.0.2, CPU time: `python benchmarks/hidden_decomposable.py`.

Two times are ours. "Posterior" is what the peer's figure covers: the posterior of graphs and of N on the same range,
median and limits; ours for every whole number where the peer's grid has steps. "Whole answer" adds what the peer does
not do: the probability beyond the grid, a hundred times as far, and the median with two other priors.
"""

from hidden_clock import cpu_seconds, head, made_up, peer_seconds, row, shared_table

from palermo.hidden.answer import Settings
from palermo.hidden.capture import CaptureTable
from palermo.hidden.estimators.decomposable import GRID_TIMES_SEEN, GraphScores, Posterior, dga_bma

TAILS = (0.025, 0.5, 0.975)


def posterior(table: CaptureTable) -> list[int]:
    """Median and limits, and with them the probabilities of the graphs."""
    found = Posterior(GraphScores(table.cells, table.k, 2.0**-table.k), GRID_TIMES_SEEN * table.n)
    return [found.quantile(level) for level in TAILS]


def main() -> None:
    for lists in range(2, 7):
        dga_bma(made_up(lists), Settings())  # compiled, and the graphs listed
    print(head("data set", "lists", "dga, ms", "posterior, ms", "faster", "whole answer, ms", "faster"))
    for (name, estimator), peer in sorted(peer_seconds().items()):
        if estimator == "dga_bma":
            table = shared_table(name)
            alone = cpu_seconds(lambda own=table: posterior(own))
            whole = cpu_seconds(lambda own=table: dga_bma(own, Settings()))
            figures = (f"{1000 * alone:.2f}", f"{peer / alone:.0f}", f"{1000 * whole:.2f}", f"{peer / whole:.0f}")
            print(row(name, table.k, f"{1000 * peer:.0f}", *figures))
    table = shared_table("UKdat")
    whole = cpu_seconds(lambda: dga_bma(table, Settings()))
    alone = cpu_seconds(lambda: posterior(table))
    print(row("UKdat", table.k, "cannot", f"{1000 * alone:.0f}", "", f"{1000 * whole:.0f}", ""))


if __name__ == "__main__":
    main()
