"""The average over decomposable graphs against the R package dga 2.0.2 (dga_graphs, dga_posterior, reference)."""

import csv
import re
from pathlib import Path

import numpy as np
import pytest

from palermo.hidden.answer import Settings
from palermo.hidden.estimators.decomposable import GraphScores, Posterior, dga_bma, posterior_on_grid
from palermo.hidden.graphs import cliques_and_separators, decomposable_graphs
from palermo.hidden.reading import read_csv

MSE = Path(__file__).resolve().parents[3] / "shared" / "data" / "mse"
pytestmark = pytest.mark.skipif(not (MSE / "dga_graphs.csv").exists(), reason="no shared mse data")


def rows_of(name):
    with (MSE / name).open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


GRAPHS = rows_of("dga_graphs.csv") if MSE.exists() else []
DATASETS = list(dict.fromkeys(row["dataset"] for row in GRAPHS))


def masks(text):
    return tuple(sorted(sum(1 << int(digit) - 1 for digit in part) for part in text.split(";") if part))


@pytest.mark.parametrize("dataset", DATASETS)
def test_given_the_peers_grid_the_posterior_and_the_graphs_are_the_peers(dataset):
    table = read_csv(MSE / f"{dataset}.csv")
    own = [row for row in GRAPHS if row["dataset"] == dataset]
    step, last = int(own[0]["step"]), int(own[0]["max_missing"])
    by_number, by_graph = posterior_on_grid(table.cells, table.k, np.arange(0, last + 1, step), 2.0**-table.k)
    place = {cliques_and_separators(row): at for at, row in enumerate(decomposable_graphs(table.k))}
    for row in own:
        assert by_graph[place[masks(row["cliques"]), masks(row["separators"])]] == pytest.approx(
            float(row["posterior"]), rel=1e-8
        )
    points = [row for row in rows_of("dga_posterior.csv") if row["dataset"] == dataset]
    assert points
    for row in points:
        assert by_number[(int(row["N"]) - table.n) // step] == pytest.approx(float(row["pmf"]), rel=1e-8)
    mean = table.n + by_number @ np.arange(0, last + 1, step)
    assert mean == pytest.approx(float(points[0]["mean"]), rel=1e-8)


@pytest.mark.parametrize("dataset", ["Korea", "Australia", "Western", "NewOrl_5", "MadiganYork_5"])
def test_the_blocks_sum_as_every_whole_number_does(dataset):
    table = read_csv(MSE / f"{dataset}.csv")
    last = 30 * table.n
    by_number, by_graph = posterior_on_grid(table.cells, table.k, np.arange(last + 1), 2.0**-table.k)
    found = Posterior(GraphScores(table.cells, table.k, 2.0**-table.k), last)
    assert found.mean == pytest.approx(table.n + by_number @ np.arange(last + 1), rel=1e-10)
    assert found.mode() == table.n + by_number.argmax()
    assert np.abs(found.graphs - by_graph).max() < 1e-10
    for level in (0.025, 0.5, 0.975):
        assert found.quantile(level) == table.n + np.searchsorted(np.cumsum(by_number), level)


def reference_rows():
    return [row for row in rows_of("reference.csv") if row["estimator"] == "dga_bma"] if MSE.exists() else []


@pytest.mark.parametrize("row", reference_rows(), ids=lambda row: f"{row['dataset']}-{row['settings'][7:18]}")
def test_the_peers_quantiles_on_its_grid_and_the_answer_on_all_whole_numbers(row):
    """A grid in steps moves the peer's quantiles a little (Kosovo with delta 1: 6,827 for 6,844), hence two checks."""
    table = read_csv(MSE / f"{row['dataset']}.csv")
    last, step = map(int, re.search(r"seq\(0,(\d+),by=(\d+)\)", row["settings"]).groups())
    delta = 1.0 if "delta=1 " in row["settings"] else 2.0**-table.k
    unseen = np.arange(0, last + 1, step)
    summed = np.cumsum(posterior_on_grid(table.cells, table.k, unseen, delta)[0])
    peer = [float(row[name]) for name in ("lower", "estimate", "upper")]
    assert [table.n + unseen[np.searchsorted(summed, level)] for level in (0.025, 0.5, 0.975)] == peer
    answer = dga_bma(table, Settings(delta=delta))
    assert [answer.lower, answer.estimate, answer.upper] == pytest.approx(peer, rel=0 if step == 1 else 3e-3)
    if step == 1:
        mean = float(re.search(r"posterior mean ([\d.]+)", row["note"])[1])
        assert answer.diagnostics["mean"] == pytest.approx(mean, rel=5e-6)


def test_six_lists_which_the_peer_lacks():
    answer = dga_bma(read_csv(MSE / "UKdat.csv"), Settings())
    assert answer.settings["graphs"] == 18154
    assert 5_000 < answer.lower < answer.estimate < answer.upper < 60_000
