"""A sealed person in any byte: ``BYTES`` says in which form it is planted."""

import base64
import gzip
import hashlib

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

ID, NAME = "MADEUP-000417", "Zélda Madeup"
BYTES = [
    ("text in a log", "run.log", f"read {ID.lower()}\n".encode()),
    ("UTF-16", "a.bin", b"\1" + NAME.encode("utf-16-le")),
    ("Base64", "key.txt", base64.b64encode(b"id=" + ID.encode() + b";")),
    ("hash", "c.csv", f"1,{hashlib.sha256(ID.encode()).hexdigest()}\n".encode()),
    ("short hash", "d.csv", hashlib.md5(ID.lower().encode()).hexdigest()[:16].encode()),
    ("bytes of a hash", "e.bin", b"\0\0" + hashlib.sha1(NAME.encode()).digest()),
    ("packed", "f.csv.gz", gzip.compress(f"x,{NAME}".encode())),
    ("reversed", "g.txt", ID[::-1].encode()),
]


@pytest.mark.parametrize(("how", "file", "content"), BYTES, ids=[how for how, _, _ in BYTES])
def test_a_sealed_person_in_any_byte(attacked, made, tmp_path, how, file, content):
    listed = tmp_path / "sealed.txt"
    listed.write_text(f"{ID}\n{NAME}\n", encoding="utf-8")
    folder = tmp_path / "export"
    folder.mkdir()
    made["csv"](folder / "rows.csv", [{"sex": "F", "id": "MADEUP-000418"}])
    assert attacked(folder, search=listed).findings == ()
    (folder / file).write_bytes(content)
    found = attacked(folder, search=listed).findings
    assert {finding.kind for finding in found} == {"search"}, how
    assert not any(ID in str(finding) or NAME in str(finding) for finding in found), "a finding names the line only"


def test_a_sealed_person_in_a_column(attacked, made, tmp_path):
    listed = tmp_path / "sealed.txt"
    listed.write_text(f"{ID}\n", encoding="utf-8")
    (tmp_path / "export").mkdir()
    made["csv"](tmp_path / "export" / "rows.csv", [{"sex": "F"}])
    pq.write_table(pa.table({"key": [ID, "x"]}), tmp_path / "export" / "a.parquet", compression="zstd")
    found = attacked(tmp_path / "export", search=listed).findings
    assert any(finding.where.endswith("column key") for finding in found)
