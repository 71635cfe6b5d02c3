import csv
from io import StringIO

import pytest

from palermo.errors import UsageError
from palermo.intake.registry import SourceOptions, adapter_for

FLOW = "IAEG-SDGs:DF_SDG_GLH(1.24)"
ROW = {
    "FREQ": "A", "SERIES": "VC_HTF_DETV", "REF_AREA": "516", "SEX": "_T", "AGE": "_T", "URBANISATION": "_T",
    "TIME_PERIOD": "2020", "OBS_VALUE": "7", "OBS_STATUS": "A", "UNIT_MULT": "0", "UNIT_MEASURE": "NUMBER",
    "LOWER_BOUND": "", "UPPER_BOUND": "",
}  # fmt: skip
HEADS = {
    "1.0": {"DATAFLOW": FLOW},
    "2.0": {"STRUCTURE": "dataflow", "STRUCTURE_ID": FLOW, "ACTION": "I"},
}


def written(tmp_path, rows, head="2.0", delimiter=","):
    text = StringIO()
    made = [{**HEADS[head], **row} for row in rows]
    writer = csv.DictWriter(text, list(made[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(made)
    path = tmp_path / "made-up.csv"
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


def read(path):
    adapter = adapter_for(path)
    assert adapter.name == "sdmx-csv-16-2-2"
    (batch,) = adapter.read(path, SourceOptions("made up"))
    assert batch.read == batch.accepted + len(batch.quarantined)
    return batch, batch.tables["observations"].to_pylist()


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_both_heads(tmp_path, head, delimiter):
    rows = [ROW, ROW | {"SEX": "F", "AGE": "Y0T17", "SERIES": "VC_HTF_DETVFL", "OBS_VALUE": "0"}]
    batch, (first, second) = read(written(tmp_path, rows, head, delimiter))
    assert (first["ref_area"], first["time_period"], first["value"], first["unit"]) == ("NAM", "2020", 7, "PERSON")
    assert (second["sex"], second["age"], second["form"], second["value"]) == ("F", "Y0T17", "forced_labour", 0)
    assert (batch.read, second["source_row"]) == (2, 2)


def test_codes_with_their_names(tmp_path):
    """As the standard writes them with labels=both."""
    named = {f"{name}: Name of it": f"{text}: its name" if text else "" for name, text in ROW.items()}
    named |= {"OBS_VALUE: Value": "7"}
    del named["OBS_VALUE: Name of it"]
    _, (row,) = read(written(tmp_path, [named]))
    assert (row["ref_area"], row["form"], row["value"]) == ("NAM", "_T", 7)


def test_suppressed_missing_and_zero_stay_apart(tmp_path):
    suppressed = {"SEX": "F", "OBS_VALUE": "", "OBS_STATUS": "Q"}
    rows = [
        ROW | suppressed | {"LOWER_BOUND": "1", "UPPER_BOUND": "4"},
        ROW | suppressed | {"AGE": "Y0T17"},
        ROW | {"SEX": "M", "OBS_VALUE": "", "OBS_STATUS": "M"},
        ROW | {"AGE": "Y0T17", "OBS_VALUE": "0"},
    ]
    _, found = read(written(tmp_path, rows))
    assert [(row["value"], row["lower"], row["upper"], row["obs_status"]) for row in found] == [
        (None, 1, 4, "Q"), (None, None, None, "Q"), (None, None, None, "M"), (0, 0, 0, "A"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        ({"SERIES": "SI_POV_DAY1"}, "SERIES"),
        ({"REF_AREA": "1"}, "REF_AREA"),  # the world, which is no country
        ({"REF_AREA": "158"}, "REF_AREA"),
        ({"SEX": "X"}, "SEX"),
        ({"URBANISATION": "R"}, "URBANISATION"),
        ({"UNIT_MEASURE": "PT"}, "UNIT_MEASURE"),
        ({"UNIT_MULT": "3"}, "UNIT_MULT"),
        ({"TIME_PERIOD": "2020-Q1"}, "TIME_PERIOD"),
        ({"OBS_VALUE": "many"}, "OBS_VALUE"),
        ({"OBS_VALUE": "0.3"}, "OBS_VALUE"),
        ({"OBS_VALUE": "-3"}, "OBS_VALUE"),
        ({"ACTION": "D"}, "ACTION"),
    ],
)
def test_a_row_that_cannot_be_read_is_put_aside(tmp_path, changed, column):
    batch, rows = read(written(tmp_path, [ROW, ROW | {"TIME_PERIOD": "2021"} | changed]))
    assert (len(rows), [(one.row, one.column) for one in batch.quarantined]) == (1, [(2, column)])
    assert "SERIES=" in batch.quarantined[0].raw


@pytest.mark.parametrize(
    ("said", "status"), [({"NATURE": "E"}, "E"), ({"NATURE": "C"}, "A"), ({"OBS_STATUS": "P"}, "P")]
)
def test_what_the_source_says_about_a_figure_is_kept(tmp_path, said, status):
    _, (row,) = read(written(tmp_path, [ROW | said]))
    assert row["obs_status"] == status


def test_a_repeated_key_stands_once(tmp_path):
    batch, rows = read(written(tmp_path, [ROW, ROW, ROW | {"OBS_VALUE": "9"}]))
    assert [row["value"] for row in rows] == [7]
    assert [one.reason.partition(":")[0] for one in batch.quarantined] == ["repeated key", "conflicting repeated key"]


def test_another_structure_is_refused_by_name(tmp_path):
    row = {name: text for name, text in ROW.items() if name not in {"SEX", "UNIT_MEASURE"}}
    path = written(tmp_path, [row | {"STRUCTURE_ID": "ESTAT:NAMA(1.0)"}])
    with pytest.raises(UsageError, match=r"SEX, UNIT_MEASURE: no such column.*'ESTAT:NAMA\(1.0\)'.*DF_SDG_GLH"):
        read(path)


def test_without_series_no_shape_claims_it(tmp_path):
    row = {name: text for name, text in ROW.items() if name != "SERIES"}
    with pytest.raises(UsageError, match="no known shape"):
        adapter_for(written(tmp_path, [row]))


def test_other_series_are_refused_with_what_was_found(tmp_path):
    with pytest.raises(UsageError, match=r"no series of indicator 16\.2\.2.*'SI_POV_DAY1'"):
        read(written(tmp_path, [ROW | {"SERIES": "SI_POV_DAY1"}]))


def test_a_table_without_rows_holds_nothing(tmp_path):
    path = written(tmp_path, [ROW])
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    batch, rows = read(path)
    assert (batch.read, rows) == (0, [])
