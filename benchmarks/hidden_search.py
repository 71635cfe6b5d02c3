"""The search of all models against MultipleSystemsEstimation 1.2.0: `python benchmarks/hidden_search.py`.

First every model of a table by BIC, per model. Then 1,000 bootstrap replicates. The peer repeats the search among the
20 or 100 models that were best in the data only (its `ntop`); ours among all of them, which the peer cannot in
reasonable time: its seconds for one search, times 1,000, are given beside it as "R, all models". Last the search of
7 to 10 lists by branch and bound, where no peer searches.
"""

from hidden_clock import cpu_seconds, head, made_up, peer_seconds, row, shared_table

from palermo.hidden.answer import Settings
from palermo.hidden.capture import CaptureTable
from palermo.hidden.estimators import search
from palermo.hidden.models import hierarchical_models

REPLICATES = 1000


def one_search() -> None:
    """Print microseconds per model."""
    print(head("data set", "order", "models", "R, CPU s", "R, us a model", "ours, CPU s", "ours, us a model", "faster"))
    for (name, estimator), peer in sorted(peer_seconds().items()):
        if estimator.startswith("bic_exhaustive"):
            order = int(estimator[-1])
            table = shared_table(name)
            models = len(hierarchical_models(table.k, order))
            own = cpu_seconds(lambda table=table, order=order: search.all_models(table, order))
            per_model = (f"{1e6 * peer / models:,.0f}", f"{own:.4f}", f"{1e6 * own / models:.1f}")
            print(row(name, order, f"{models:,}", f"{peer:.2f}", *per_model, f"{peer / own:,.0f}"))


def whole(table: CaptureTable, name: str) -> float:
    """CPU seconds of one answer with its bootstrap; a seed of its own, as replicates are kept for the next question."""
    run, seed = {"bic_best": (search.bic_best, 1), "bic_average": (search.bic_average, 2)}[name]
    return cpu_seconds(lambda: run(table, Settings(bootstrap=REPLICATES, seed=seed)), runs=1)


def bootstrap() -> None:
    """Print the seconds of a bootstrap that repeats the whole search."""
    print(head("data set", "models", "R, ntop models, s", "R, all models, s", "bic_best, s", "bic_average, s"))
    peers = peer_seconds()
    for name in ("Korea", "Kosovo", "Australia", "Western", "NewOrl_5", "Ned_5", "UKdat_5"):
        table = shared_table(name)
        short = peers.get((name, "bic_BCa"))
        once = [
            peers.get((name, f"bic_exhaustive_maxorder{table.k - 1}")),
            peers.get((name, "bic_exhaustive_maxorder2")),
        ]
        full = next(seconds for seconds in once if seconds is not None) * REPLICATES
        figures = (f"{whole(table, own):.2f}" for own in ("bic_best", "bic_average"))
        models = len(hierarchical_models(table.k, table.k - 1))
        print(row(name, f"{models:,}", "not run" if short is None else f"{short:.1f}", f"{full:,.0f}", *figures))


def branch_and_bound() -> None:
    """Print what the search of 7 to 10 lists takes, where the models are too many to fit."""
    print(head("table", "lists", "persons seen", "criterion", "models of pairs", "CPU s", "searched"))
    tables = [("NewOrl", shared_table("NewOrl"))]
    for lists in range(7, 11):
        tables += [("dense, made up", made_up(lists)), ("sparse, made up", made_up(lists, 1500, 0.03))]
    for name, table in tables:
        for by_bic in (True, False):
            spent = cpu_seconds(lambda own=table, asked=by_bic: search.all_models(own, by_bic=asked), runs=1)
            words = search.all_models(table, by_bic=by_bic).words.split(";")[0]
            models = f"{2 ** (table.k * (table.k - 1) // 2):.1e}"
            print(
                row(name, table.k, f"{table.n:,}", "BIC" if by_bic else "AIC", models, f"{spent:.2f}", words),
                flush=True,
            )


def main() -> None:
    search.bic_best(shared_table("Korea"), Settings(bootstrap=2))
    search.bic_best(shared_table("UKdat_5"), Settings(bootstrap=2))
    one_search()
    print()
    bootstrap()
    print()
    search.all_models(made_up(7, 500))  # another table, as the search of a table is kept for the next question
    branch_and_bound()


if __name__ == "__main__":
    main()
