"""A site over two made-up releases, the later of which corrects the earlier, and readers who ask it."""

import json
from collections.abc import Iterator

import django
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest
from django.test import Client, override_settings

from palermo.account.schema import DIMENSIONS
from palermo.provenance import file_sha256
from palermo.release.folder import CONTENT, FORMAT, MANIFEST, id_of
from palermo.release.schema import RELEASED

SEXES = ("_T", "F", "M", "_U")
AREAS = ("DEU", "FRA")


def row(value, **codes):
    """One released number; (low, high) where it is hidden."""
    made = dict.fromkeys(DIMENSIONS, "_T") | {"counterpart_area": "_Z", "ref_area": "DEU", "time_period": "2022"}
    made |= {"indicator": "victims_by_sex_age", "measure": "victims_detected", "unit": "PERSON", "kind": "detected"}
    made |= codes
    low, high = value if isinstance(value, tuple) else (value, value)
    hidden = isinstance(value, tuple)
    made |= {"value": None if hidden else float(value), "lower": float(low), "upper": float(high)}
    made |= {"obs_status": "Q" if hidden else "A", "conf_status": "A" if hidden else "F"}
    made["receipt_id"] = f"{abs(sum(hash_of(text) for text in map(str, codes.values()))):016x}"[-16:]
    return made


def hash_of(text):
    number = 7
    for letter in text:
        number = (number * 131 + ord(letter)) % 2**40
    return number


def rows_of(total):
    """People by sex and age in two countries and years, with a hidden number and a zero among them."""
    made = []
    for place, area in enumerate(AREAS):
        for year in ("2021", "2022"):
            n = total + 10 * place
            for age, share in (("_T", 2), ("Y_GE18", 1), ("Y0T17", 1)):
                for sex, value in zip(SEXES, (n, n - 9, (0, 9), 0), strict=True):
                    low_high = tuple(bound * share for bound in value) if isinstance(value, tuple) else value * share
                    made.append(row(low_high, ref_area=area, time_period=year, sex=sex, age=age))
    made.append(row(40, indicator="persons_convicted", measure="persons_convicted", kind="_Z", time_period="2022"))
    return made


def frozen(home, rows, **standing):
    """A release folder as ``release.freeze`` writes it, with the standing asked for."""
    part = home / "part"
    part.mkdir(parents=True)
    table = pa.Table.from_pylist(rows, RELEASED)
    pq.write_table(table, part / "cube.parquet")
    pa_csv.write_csv(table, part / "cube.csv")
    definition = {"title": "Detected victims by sex and age", "words": "Persons detected.", "inputs": ["police"]}
    receipts = {"indicators": {"victims_by_sex_age": definition, "persons_convicted": {"title": "Convicted"}},
                "inputs": [{"list": "police", "sha256": "00"}]}  # fmt: skip
    metadata = {"area": "DEU", "area_name": "Country of the test (made up)", "made_up": True, "years": [2021, 2022],
                "sources": [{"list": "police"}], "rules": {}, "protection": {"k_tables": 5}}  # fmt: skip
    for name, content in (("receipts.json", receipts), ("metadata.json", metadata), ("estimates.json", {})):
        (part / name).write_text(json.dumps(content))
    files = {name: file_sha256(part / name) for name in CONTENT}
    manifest = {"format": FORMAT, "id": id_of(files), "files": files, **standing}
    (part / MANIFEST).write_text(json.dumps(manifest))
    folder = home / manifest["id"]
    part.rename(folder)
    return folder


@pytest.fixture(scope="session")
def releases(tmp_path_factory):
    """A folder with an approved release, one that replaces it, one withdrawn and a draft; their ids by name."""
    home = tmp_path_factory.mktemp("releases")
    first = frozen(home, rows_of(30), status="approved", made_by="A", approved_by="B").name
    standing = {"status": "approved", "made_by": "A", "approved_by": "B", "reason": "late cases", "replaces": first}
    second = frozen(home, rows_of(50), **standing).name
    gone = frozen(home, rows_of(70), status="withdrawn", withdrawn_for="a list was wrong").name
    draft = frozen(home, rows_of(90), status="draft").name
    return {"home": home, "first": first, "second": second, "withdrawn": gone, "draft": draft}


@pytest.fixture(scope="session")
def site(releases) -> Iterator[Client]:
    """A reader of the site."""
    django.setup()
    with override_settings(RELEASES=(str(releases["home"]),), SHOW_DRAFTS=False):
        yield Client(raise_request_exception=True)
