"""Addresses as clients write them that no one here wrote: pysdmx for every version of the standard, and sdmx1."""

import csv
import json
from datetime import UTC, datetime
from io import StringIO

import msgspec
import pytest
from pysdmx.api.dc.query import DateTimeFilter, MultiFilter, NumberFilter, Operator, TextFilter
from pysdmx.api.qb import (
    ApiVersion,
    AvailabilityMode,
    AvailabilityQuery,
    DataContext,
    DataQuery,
    StructureQuery,
    StructureReference,
    StructureType,
)
from pysdmx.io.format import SchemaFormat
from pysdmx.io.json.sdmxjson2.messages.schema import JsonSchemaMessage
from sdmx.rest import v21, v30
from sdmx.rest.common import Resource
from sdmx.source import Source

OLD = (ApiVersion.V1_0_0, ApiVersion.V1_2_0, ApiVersion.V1_5_0)
NEW = (ApiVersion.V2_0_0, ApiVersion.V2_1_0, ApiVersion.V2_2_1)
FLOW = (DataContext.DATAFLOW, "PALERMO", "DF_TIP", "1.0")
SITE = Source(id="PALERMO", name="", url="http://localhost")


@pytest.fixture(scope="module")
def at(ask):
    """``at(url, accept)``: the answer's status and body."""

    def asked(url, accept="text/csv"):
        path, _, query = url.removeprefix("http://localhost").lstrip("/").partition("?")
        answer, text = ask(path, query, accept)
        return answer.status, text

    return asked


def rows(text):
    return list(csv.DictReader(StringIO(text)))


@pytest.mark.parametrize("version", NEW)
@pytest.mark.parametrize("short", [True, False])
def test_pysdmx_asks_for_data_in_3_0(at, version, short):
    filters = [
        TextFilter("SEX", Operator.IN, ["F", "M"]),
        DateTimeFilter("TIME_PERIOD", Operator.GREATER_THAN_OR_EQUAL, datetime(2022, 1, 1, tzinfo=UTC)),
        NumberFilter("OBS_VALUE", Operator.GREATER_THAN, 200),
    ]
    query = DataQuery(*FLOW, "A.DEU.victims_by_sex_age", components=MultiFilter(filters), last_n_obs=1)
    status, text = at(query.get_url(version, short))
    assert status == 200
    assert {(row["SEX"], row["TIME_PERIOD"]) for row in rows(text)} == {("F", "2023"), ("M", "2023")}
    assert all(float(row["OBS_VALUE"]) > 200 for row in rows(text))


@pytest.mark.parametrize("version", OLD)
@pytest.mark.parametrize("short", [True, False])
def test_pysdmx_asks_for_data_in_2_1(at, version, short):
    query = DataQuery(*FLOW, "A.DEU.victims_by_sex_age....F.......", last_n_obs=1)
    status, text = at(query.get_url(version, short))
    assert status == 200
    assert {(row["SEX"], row["TIME_PERIOD"]) for row in rows(text)} == {("F", "2023")}


@pytest.mark.parametrize("version", [*OLD[2:], *NEW])
def test_pysdmx_asks_for_structures_and_availability(at, version):
    flow = StructureQuery(StructureType.DATAFLOW, "PALERMO", "DF_TIP", "1.0", references=StructureReference.ALL)
    lists = StructureQuery(StructureType.CODELIST, "PALERMO", ["CL_SEX", "CL_AGE"])
    codes = AvailabilityQuery(*FLOW, component_id="SEX", mode=AvailabilityMode.AVAILABLE)
    found = {}
    for name, query in (("flow", flow), ("lists", lists), ("codes", codes)):
        status, text = at(query.get_url(version), "application/json")
        assert status == 200
        found[name] = json.loads(text)["data"]
    assert [one["id"] for one in found["flow"]["dataStructures"]] == ["DSD_TIP"]
    assert {one["id"] for one in found["lists"]["codelists"]} == {"CL_SEX", "CL_AGE"}
    assert found["codes"]["dataConstraints"][0]["cubeRegions"][0]["keyValues"][0]["id"] == "SEX"


def test_sdmx1_asks_in_both_versions(at):
    old = v21.URL(SITE, Resource.data, resource_id="DF_TIP", key="A.DEU............", params={"startPeriod": "2022"})
    new = v30.URL(
        SITE, Resource.data, context="dataflow", agency_id="PALERMO", resource_id="DF_TIP", version="1.0", key="A.DEU"
    )
    flow = v30.URL(SITE, Resource.dataflow, agency_id="PALERMO", resource_id="DF_TIP")
    assert {row["TIME_PERIOD"] for row in rows(at(old.join())[1])} == {"2022", "2023"}
    assert {row["TIME_PERIOD"] for row in rows(at(new.join())[1])} == {"2021", "2022", "2023"}
    assert at(flow.join(), "*/*")[0] == 200


@pytest.mark.parametrize("context", ["dataflow/PALERMO/DF_TIP/1.0", "datastructure/PALERMO/DSD_TIP"])
@pytest.mark.parametrize("accept", [SchemaFormat.SDMX_JSON_2_0_0_STRUCTURE.value, "application/json"])
def test_pysdmx_reads_the_schema_of_a_flow_as_its_registry_client_does(at, context, accept):
    status, text = at(f"schema/{context}", accept)
    assert status == 200
    message = msgspec.json.decode(text.encode(), type=JsonSchemaMessage)
    schema = message.to_model(context.partition("/")[0], "PALERMO", "DF_TIP", "1.0", ())
    roles = {one.id: one.role.value for one in schema.components}
    assert [roles[name] for name in ("SEX", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS")] == ["D", "D", "M", "A"]
    sexes = next(one for one in schema.components if one.id == "SEX").enumeration.codes
    assert {"F", "M", "_U"} <= {code.id for code in sexes}
    assert any(name.endswith("DataStructure=PALERMO:DSD_TIP(1.0)") for name in schema.artefacts)
