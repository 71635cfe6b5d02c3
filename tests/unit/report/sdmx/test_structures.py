"""Structures: which artefacts an address asks for, what their relations are, and what data there are."""

import json

import pytest

from palermo.report.sdmx import open_service
from palermo.report.sdmx.model import urn
from palermo.report.sdmx.tip import PARTS


def found(text):
    """The ids of the artefacts of a JSON message, by collection."""
    return {name: {one["id"] for one in ones} for name, ones in json.loads(text)["data"].items()}


TIP_LISTS = {part.codes for part in PARTS if part.codes}


@pytest.mark.parametrize(
    ("path", "query", "ids"),
    [
        ("structure/dataflow/PALERMO", "", {"dataflows": {"DF_TIP"}}),
        ("structure/dataflow/*/*/~", "", {"dataflows": {"DF_TIP", "DF_SDG_GLH"}}),
        ("structure/codelist/PALERMO/CL_SEX,CL_AGE/1.0", "", {"codelists": {"CL_SEX", "CL_AGE"}}),
        ("codelist/PALERMO/CL_SEX+CL_AGE/latest", "format=json", {"codelists": {"CL_SEX", "CL_AGE"}}),
        ("structure/dataflow/PALERMO/DF_TIP", "references=children",
         {"dataflows": {"DF_TIP"}, "dataStructures": {"DSD_TIP"}}),
        ("structure/datastructure/PALERMO/DSD_TIP", "references=children",
         {"dataStructures": {"DSD_TIP"}, "conceptSchemes": {"CS_TIP"}, "codelists": TIP_LISTS}),
        ("structure/dataflow/PALERMO/DF_TIP", "references=datastructure,conceptscheme",
         {"dataflows": {"DF_TIP"}, "dataStructures": {"DSD_TIP"}, "conceptSchemes": {"CS_TIP"}}),
        ("structure/dataflow/PALERMO/DF_TIP", "references=parents",
         {"dataflows": {"DF_TIP"}, "dataConstraints": {"CR_DF_TIP"}}),
        ("structure/codelist/PALERMO/CL_FORM", "references=parents",
         {"codelists": {"CL_FORM"}, "dataStructures": {"DSD_TIP"}}),
        ("structure/codelist/PALERMO/CL_FORM", "references=ancestors",
         {"codelists": {"CL_FORM"}, "dataStructures": {"DSD_TIP"}, "dataflows": {"DF_TIP"},
          "dataConstraints": {"CR_DF_TIP"}}),
        ("structure/dataflow/PALERMO/DF_TIP", "references=all",
         {"dataflows": {"DF_TIP"}, "dataStructures": {"DSD_TIP"}, "conceptSchemes": {"CS_TIP"},
          "codelists": TIP_LISTS, "dataConstraints": {"CR_DF_TIP"}}),
        ("contentconstraint/PALERMO", "format=json", {"dataConstraints": {"CR_DF_TIP"}}),
    ],
)  # fmt: skip
def test_artefacts_and_their_relations(ask, path, query, ids):
    answer, text = ask(path, query, "application/json")
    assert answer.status == 200
    assert found(text) == ids


def test_every_code_of_the_release_is_in_its_list(service):
    for dataset in service.datasets:
        for component in dataset.flow.structure.components:
            listed = dataset.flow.structure.list_of(component)
            if listed is not None:
                used = {code for code in dataset.table[component.id].unique().to_pylist() if code is not None}
                assert used <= {entry.id for entry in listed.entries}, component.id


def test_specials_keep_their_own_codes(ask):
    _, text = ask("structure/codelist/PALERMO/CL_SEX")
    names = {code["id"]: code["name"] for code in json.loads(text)["data"]["codelists"][0]["codes"]}
    assert len({names[code] for code in ("_U", "_N", "_T", "_Z")}) == 4


def test_forms_keep_their_parents(ask):
    _, text = ask("structure/codelist/PALERMO/CL_AGE")
    parents = {code["id"]: code.get("parent") for code in json.loads(text)["data"]["codelists"][0]["codes"]}
    assert parents["Y9T17"] == "Y0T17"
    assert parents["Y0T17"] is None


def test_the_flow_says_what_its_figures_are(ask, releasing, observed, release):
    _, text = ask("structure/dataflow/PALERMO/DF_TIP")
    note = json.loads(text)["data"]["dataflows"][0]["annotations"][0]["text"]
    assert "MADE UP DATA" in note
    assert "not all people trafficked" in note
    assert "never added" in note
    draft = releasing([observed("x", 1.0)], standing={"status": "draft"}, made_up=False)
    said = open_service(draft).datasets[0].flow.notes["en"]
    assert said.startswith("DRAFT")
    assert "MADE UP" not in said


def constraint(text):
    return json.loads(text)["data"]["dataConstraints"][0]


def values(made):
    return {one["id"]: {v["value"] for v in one.get("values", ())} for one in made["cubeRegions"][0]["keyValues"]}


def test_availability_is_what_the_query_would_give(ask, expected):
    _, text = ask("availability/dataflow/PALERMO/DF_TIP/1.0/A.DEU.victims_by_sex_age", "c[SEX]=F")
    made = constraint(text)
    right = {key for key in expected if key[2] == "victims_by_sex_age" and key[6] == "F"}
    assert values(made)["SEX"] == {"F"}
    assert values(made)["AGE"] == {key[7] for key in right}
    counts = {one["id"]: one["title"] for one in made["annotations"]}
    assert counts == {"series_count": str(len({key[:-1] for key in right})), "obs_count": str(len(right))}
    time = next(one["timeRange"] for one in made["cubeRegions"][0]["keyValues"] if one["id"] == "TIME_PERIOD")
    assert (time["startPeriod"]["period"], time["endPeriod"]["period"]) == ("2021-01-01", "2023-12-31")


def test_what_could_be_added_to_the_query(ask, expected):
    path = "availability/dataflow/PALERMO/DF_TIP/1.0/A.DEU.victims_by_sex_age/SEX,AGE"
    _, text = ask(path, "mode=available&c[SEX]=F")
    made = values(constraint(text))
    rows = {key for key in expected if key[2] == "victims_by_sex_age"}
    assert made == {"SEX": {key[6] for key in rows}, "AGE": {key[7] for key in rows if key[6] == "F"}}
    _, in_2_1 = ask("availableconstraint/DF_TIP/A.DEU.victims_by_sex_age....F......./all/SEX+AGE",
                    "mode=available&format=json")  # fmt: skip
    assert values(constraint(in_2_1)) == made


def test_a_urn_names_the_artefact_and_the_item(service):
    structure = service.datasets[0].flow.structure
    assert urn("DataStructure", structure).endswith("datastructure.DataStructure=PALERMO:DSD_TIP(1.0)")
    assert urn("ConceptScheme", structure.scheme, "SEX").endswith("conceptscheme.Concept=PALERMO:CS_TIP(1.0).SEX")
