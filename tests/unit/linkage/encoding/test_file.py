"""The file that leaves home: what it holds, and what is refused."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from palermo.errors import RefusedError, UsageError
from palermo.linkage.encoding.file import Head, read_encodings, refuse_mixed, write_encodings
from palermo.linkage.encoding.parameters import Parameters


def write(path, name="a", key_id="k1", parameters=None, project="p", count=50):
    parameters = parameters or Parameters()
    rng = np.random.default_rng(1)
    ids = rng.integers(0, 256, (count, 16), dtype=np.uint8)
    bits = rng.integers(0, 256, (count, parameters.bits // 8), dtype=np.uint8)
    write_encodings(Head(name, project, key_id, parameters.text(), parameters.hash, 0, ""), ids, bits, path)
    return ids, bits


def test_round_trip_in_the_order_of_ids(tmp_path):
    ids, bits = write(tmp_path / "a.parquet")
    read = read_encodings(tmp_path / "a.parquet")
    given = {bytes(one).hex(): row.tobytes() for one, row in zip(ids, bits, strict=True)}
    assert read.ids == sorted(given)
    assert [row.tobytes() for row in read.bits] == [given[one] for one in read.ids]
    assert read.parameters == Parameters() and read.head.records == 50
    assert pq.read_schema(tmp_path / "a.parquet").names == ["id", "bits"]


def test_an_empty_list_can_be_sent(tmp_path):
    write(tmp_path / "a.parquet", count=0)
    assert read_encodings(tmp_path / "a.parquet").bits.shape == (0, 128)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.99])
def test_truncated_file_is_refused(tmp_path, share):
    path = tmp_path / "a.parquet"
    write(path)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    with pytest.raises(RefusedError, match="cut short"):
        read_encodings(path)


def test_changed_file_is_refused(tmp_path):
    path = tmp_path / "a.parquet"
    write(path)
    table = pq.read_table(path)
    pq.write_table(table.slice(1), path)
    with pytest.raises(RefusedError, match="changed after it was made"):
        read_encodings(path)
    head = json.loads(table.schema.metadata[b"palermo.encodings"])
    head["parameter_hash"] = "0" * 64
    pq.write_table(table.replace_schema_metadata({b"palermo.encodings": json.dumps(head)}), path)
    with pytest.raises(RefusedError, match="parameter hash"):
        read_encodings(path)


def test_other_parquet_files_and_versions_are_refused(tmp_path):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"x": [1]}), path)
    with pytest.raises(RefusedError, match="not a file of encodings"):
        read_encodings(path)
    table = pa.table({"id": [b"1"], "bits": [b"2"]}).replace_schema_metadata({b"palermo.encodings": b'{"version": 7}'})
    pq.write_table(table, path)
    with pytest.raises(RefusedError, match="version 7"):
        read_encodings(path)
    with pytest.raises(UsageError, match="no such file"):
        read_encodings(tmp_path / "none.parquet")


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"key_id": "k2"}, "another key"),
        ({"project": "q"}, "another project"),
        ({"parameters": Parameters(flip=0.01)}, "another parameters"),
        ({"name": "a"}, "comes in two files"),
    ],
)
def test_files_that_cannot_be_compared_are_refused(tmp_path, other, said):
    write(tmp_path / "a.parquet")
    write(tmp_path / "b.parquet", **{"name": "b", **other})
    with pytest.raises(RefusedError, match=said):
        refuse_mixed([read_encodings(tmp_path / f"{name}.parquet") for name in "ab"])
