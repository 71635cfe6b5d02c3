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


def test_anything_beside_ids_and_bits_is_refused(tmp_path):
    path = tmp_path / "a.parquet"
    write(path)
    table = pq.read_table(path)
    named = table.append_column("name", pa.array(["Made Up"] * 50)).replace_schema_metadata(table.schema.metadata)
    noted = table.replace_schema_metadata({**table.schema.metadata, b"note": b"Made Up"})
    for other in (named, noted, table.select(["bits", "id"])):
        pq.write_table(other, path)
        with pytest.raises(RefusedError, match="may name persons"):
            read_encodings(path)
    text = pa.table({"id": ["Made Up"] * 50, "bits": table["bits"]}).replace_schema_metadata(table.schema.metadata)
    pq.write_table(text, path)
    with pytest.raises(RefusedError, match="not of the kind"):
        read_encodings(path)


@pytest.mark.parametrize(
    "ids",
    [
        [f"Made Up Perso {number}" for number in range(5)],
        [f"Выдуман{number}" for number in range(5)],
        [f"{number:016d}" for number in range(5)],
        [chr(number + 1) + "\0" * 15 for number in range(5)],
    ],
)
def test_ids_that_are_names_or_numbers_are_refused(tmp_path, ids):
    rows = np.frombuffer(b"".join(one.encode()[:16].ljust(16, b"\0") for one in ids), np.uint8).reshape(-1, 16)
    head = Head("a", "p", "k1", Parameters().text(), Parameters().hash, 0, "")
    write_encodings(head, rows, np.zeros((len(rows), 128), np.uint8), tmp_path / "a.parquet")
    with pytest.raises(RefusedError, match="text or counted numbers") as caught:
        read_encodings(tmp_path / "a.parquet")
    assert "Made" not in str(caught.value)


def test_random_ids_pass_in_large_numbers_and_repeated_ones_do_not(tmp_path):
    write(tmp_path / "a.parquet", count=20_000)
    assert len(read_encodings(tmp_path / "a.parquet").ids) == 20_000
    head = Head("a", "p", "k1", Parameters().text(), Parameters().hash, 0, "")
    same = np.tile(np.arange(16, dtype=np.uint8) * 15, (2, 1))
    write_encodings(head, same, np.zeros((2, 128), np.uint8), tmp_path / "b.parquet")
    with pytest.raises(RefusedError, match="more than once"):
        read_encodings(tmp_path / "b.parquet")


@pytest.mark.parametrize("said", [b"{nope", b'{"version": 1}', b"[]"])
def test_damaged_head_is_refused(tmp_path, said):
    path = tmp_path / "a.parquet"
    write(path)
    pq.write_table(pq.read_table(path).replace_schema_metadata({b"palermo.encodings": said}), path)
    with pytest.raises(RefusedError, match=r"damaged|version None"):
        read_encodings(path)
