"""A message is the same in however many pieces it is made."""

import pytest

from palermo.report.sdmx import rows
from palermo.report.sdmx.formats import DATA

TIP = "data/dataflow/PALERMO/DF_TIP/1.0"


def texts_in_pieces(ask, monkeypatch, query, sizes):
    for size in sizes:
        monkeypatch.setattr(rows, "CHUNK", size)
        yield ask(TIP, query)[1]


@pytest.mark.parametrize("form", [one.names[0] for one in DATA])
@pytest.mark.parametrize("at", ["TIME_PERIOD", "AllDimensions"])
def test_pieces_join_to_the_same_message(ask, monkeypatch, form, at):
    query = f"format={form}&dimensionAtObservation={at}"
    whole, in_pieces = texts_in_pieces(ask, monkeypatch, query, (10_000, 7))
    assert in_pieces == whole


@pytest.mark.parametrize("form", ["json", "xml"])
def test_series_keys_too(ask, monkeypatch, form):
    monkeypatch.setattr(rows, "CHUNK", 10_000)
    whole = ask("data/DF_TIP", f"detail=serieskeysonly&format={form}")[1]
    monkeypatch.setattr(rows, "CHUNK", 3)
    assert ask("data/DF_TIP", f"detail=serieskeysonly&format={form}")[1] == whole
