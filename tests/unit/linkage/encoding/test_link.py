"""From two lists at home to pairs of pseudonymous ids."""

import csv
import stat

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from palermo.errors import RefusedError, UsageError
from palermo.linkage.encoding.at_home import encode_file, read_ids
from palermo.linkage.encoding.link import link_encodings
from palermo.linkage.encoding.parameters import Parameters
from palermo.linkage.schema import PAIRS

from . import made_lists as made


def encode(folder, name, count=300, key=made.KEY, **asked):
    source = folder / f"{name}.identities.parquet"
    pq.write_table(made.identities(count, name, **asked), source)
    return encode_file(source, None, key, Parameters(), folder / f"{name}.parquet")


def test_two_lists_in_two_scripts(tmp_path):
    sent = [encode(tmp_path, "a"), encode(tmp_path, "b", script="arabic")]
    linked = link_encodings([one.path for one in sent], tmp_path / "pairs.parquet")
    pairs, records = pq.read_table(linked.pairs), pq.read_table(linked.records).to_pylist()
    assert pairs.schema.equals(PAIRS)
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in (linked.pairs, linked.records, sent[0].path))
    assert linked.lists == {"a": 300, "b": 300} and linked.compared == 600 * 599 // 2
    homes = [read_ids(one.ids) for one in sent]
    persons = [homes[row["list"] == "b"][row["record_id"]].split("-")[1] for row in records]
    likely = [row for row in pairs.to_pylist() if row["probability"] > 0.5 and row["left"] <= 300 < row["right"]]
    right = [row for row in likely if persons[row["left"] - 1] == persons[row["right"] - 1]]
    assert len(right) >= 0.9 * 300 and len(right) >= 0.98 * len(likely)
    assert all(row["left"] < row["right"] for row in likely)


def test_what_leaves_holds_no_name_date_or_number(tmp_path):
    sent = encode(tmp_path, "a", 20)
    rows = made.prepared(20, "a").to_pylist()
    content = sent.path.read_bytes()
    for row in rows:
        assert row["record_id"].encode() not in content and row["birth_date"].encode() not in content
        assert all(token.encode() not in content for token in row["tokens"].split())
    assert made.KEY.secret not in content and made.KEY.secret.hex().encode() not in content


def test_map_stays_at_home_and_keeps_ids(tmp_path):
    first = encode(tmp_path, "a", 20)
    kept, bytes_sent = read_ids(first.ids), first.path.read_bytes()
    assert stat.S_IMODE(first.ids.stat().st_mode) == 0o600
    assert encode(tmp_path, "a", 20).sha256 == first.sha256 and first.path.read_bytes() == bytes_sent
    encode(tmp_path, "a", 25)
    later = read_ids(first.ids)
    assert len(later) == 25 and kept.items() <= later.items()
    first.ids.chmod(0o644)
    with pytest.raises(RefusedError, match="map of ids"):
        encode(tmp_path, "a", 25)


def test_record_numbers_stand_in_the_map_as_they_are(tmp_path):
    table = made.prepared(6, "a")
    numbers = ["17", "A/3", "=1+2", 'the "third"', "", "two\nlines"]
    source = tmp_path / "odd.parquet"
    pq.write_table(table.set_column(table.schema.get_field_index("record_id"), "record_id", pa.array(numbers)), source)
    sent = encode_file(source, None, made.KEY, Parameters(), tmp_path / "odd.enc")
    assert set(read_ids(sent.ids).values()) == set(numbers)
    starts = {line.split(",")[0] for line in sent.ids.read_text().splitlines()}
    assert {"17", "A/3"} <= starts
    assert not any(line.startswith("=") for line in starts)


def test_ids_of_two_encodings_at_different_homes_differ(tmp_path):
    (tmp_path / "x").mkdir()
    assert set(read_ids(encode(tmp_path, "a", 20).ids)).isdisjoint(read_ids(encode(tmp_path / "x", "a", 20).ids))


def test_damaged_map_is_refused(tmp_path):
    sent = encode(tmp_path, "a", 5)
    for text, said in (("x,y\n", "not a map"), ("record_id,id\nnot json,00\n", "damaged")):
        sent.ids.write_text(text)
        with pytest.raises(RefusedError, match=said):
            encode(tmp_path, "a", 5)


def test_formulas_in_record_numbers_are_text_in_the_map(tmp_path):
    table = made.identities(1).set_column(1, "record_id", pa.array(["=1+1"]))
    pq.write_table(table, tmp_path / "f.parquet")
    sent = encode_file(tmp_path / "f.parquet", None, made.KEY, Parameters(), tmp_path / "out.parquet")
    with sent.ids.open(newline="") as file:
        assert list(csv.reader(file))[1][0] == '"=1+1"'
    assert set(read_ids(sent.ids).values()) == {"=1+1"}


def test_other_inputs(tmp_path):
    with pytest.raises(UsageError, match="no such file"):
        encode_file(tmp_path / "none", None, made.KEY, Parameters(), tmp_path / "o.parquet")
    (tmp_path / "text.csv").write_text("a,b\n")
    with pytest.raises(UsageError, match="give a mapping"):
        encode_file(tmp_path / "text.csv", None, made.KEY, Parameters(), tmp_path / "o.parquet")
    pq.write_table(pa.table({"x": [1]}), tmp_path / "x.parquet")
    with pytest.raises(UsageError, match="neither identities nor prepared"):
        encode_file(tmp_path / "x.parquet", None, made.KEY, Parameters(), tmp_path / "o.parquet")
    mapped = encode_file(
        tmp_path / "text.csv", lambda _: made.identities(3), made.KEY, Parameters(), tmp_path / "o.parquet"
    )
    assert mapped.records == 3 and mapped.empty == 0


def test_several_lists_or_repeated_numbers_are_refused(tmp_path):
    pq.write_table(pa.concat_tables([made.identities(2, "a"), made.identities(2, "b")]), tmp_path / "two.parquet")
    with pytest.raises(RefusedError, match="holds 2 lists"):
        encode_file(tmp_path / "two.parquet", None, made.KEY, Parameters(), tmp_path / "o.parquet")
    pq.write_table(pa.concat_tables([made.identities(2), made.identities(2)]), tmp_path / "twice.parquet")
    with pytest.raises(RefusedError, match="more than once") as refused:
        encode_file(tmp_path / "twice.parquet", None, made.KEY, Parameters(), tmp_path / "o.parquet")
    assert "a-0" not in str(refused.value)


def test_lists_without_overlap_and_a_list_alone(tmp_path):
    apart = [encode(tmp_path, "a", 200), encode(tmp_path, "b", 200, seed=9)]
    linked = link_encodings([one.path for one in apart], tmp_path / "pairs.parquet")
    assert sum(value > 0.9 for value in pq.read_table(linked.pairs)["probability"].to_pylist()) <= 2
    alone = link_encodings([apart[0].path], tmp_path / "alone.parquet")
    assert alone.lists == {"a": 200}


def test_bad_requests(tmp_path):
    with pytest.raises(UsageError, match="No files"):
        link_encodings([], tmp_path / "pairs.parquet")
    sent = encode(tmp_path, "a", 5)
    with pytest.raises(UsageError, match="Threshold 1"):
        link_encodings([sent.path], tmp_path / "pairs.parquet", 1.0)
    other = encode(tmp_path, "b", 5, key=made.OTHER_KEY)
    with pytest.raises(RefusedError, match="another key"):
        link_encodings([sent.path, other.path], tmp_path / "pairs.parquet")
    assert not (tmp_path / "pairs.parquet").exists()
