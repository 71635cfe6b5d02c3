"""Palermo's own data structure, DSD_TIP: what is a dimension, what an attribute, and of which column of the cube.

The decision a reader would question: measure, unit and kind are dimensions, so that each observation has one key and
no sum over a wildcard can mix what must not be mixed (laws 4 and 5 of the design).
"""

from dataclasses import dataclass

from palermo.language import marked
from palermo.report.reading import Release
from palermo.report.sdmx.code_lists import scheme
from palermo.report.sdmx.model import (
    AGENCY,
    ATTRIBUTE,
    DATAFLOW,
    DIMENSION,
    DOUBLE,
    MEASURE,
    OBSERVATION,
    PERIOD,
    STRING,
    TIME,
    VERSION,
    Component,
    Flow,
    Structure,
)
from palermo.report.sdmx.texts import names, notices


@dataclass(frozen=True)
class Part:
    """A component and the column of the cube that it holds ("" where it holds none)."""

    id: str
    column: str
    role: str
    codes: str | None
    name: str
    words: str
    data_type: str = STRING
    attached: str = OBSERVATION
    is_mandatory: bool = True


PARTS = (
    Part("FREQ", "", DIMENSION, "CL_FREQ", marked("Frequency"), marked("Which kind of period the time period is.")),
    Part("REF_AREA", "ref_area", DIMENSION, "CL_AREA", marked("Reference area"),
         marked("The country or region that reports.")),
    Part("INDICATOR", "indicator", DIMENSION, "CL_INDICATOR", marked("Indicator"),
         marked("The definition by which the number was counted.")),
    Part("COUNTED", "measure", DIMENSION, "CL_MEASURE", marked("What is counted"),
         marked("Victims detected, victims assisted, persons convicted and so on.")),
    Part("UNIT_MEASURE", "unit", DIMENSION, "CL_UNIT", marked("Unit of measure"),
         marked("Numbers of different units are never added.")),
    Part("KIND", "kind", DIMENSION, "CL_KIND", marked("Kind of number"),
         marked("Detected, assisted, estimated or exposed. Kinds are never added.")),
    Part("SEX", "sex", DIMENSION, "CL_SEX", marked("Sex"), ""),
    Part("AGE", "age", DIMENSION, "CL_AGE", marked("Age"), ""),
    Part("FORM_EXPL", "form", DIMENSION, "CL_FORM", marked("Form of exploitation"), ""),
    Part("CITIZENSHIP", "citizenship", DIMENSION, "CL_AREA", marked("Citizenship"), ""),
    Part("COUNTERPART_AREA", "counterpart_area", DIMENSION, "CL_AREA", marked("Counterpart area"),
         marked("In flows, the country of exploitation.")),
    Part("REACH", "reach", DIMENSION, "CL_REACH", marked("Reach"), marked("How far from home.")),
    Part("SOURCE_LIST", "list", DIMENSION, "CL_SOURCE_LIST", marked("List"),
         marked("The list, in tables by source.")),
    Part("BAND", "band", DIMENSION, "CL_BAND", marked("Band"),
         marked("A further break-down that some indicators have: age bands, bands of convictions, ways to compare.")),
    Part("TIME_PERIOD", "", TIME, None, marked("Time period"),
         marked("A year, or the first day and the length of a period of years."), PERIOD),
    Part("OBS_VALUE", "value", MEASURE, None, marked("Value"),
         marked("Empty where the number is hidden or there is none."), DOUBLE, is_mandatory=False),
    Part("OBS_STATUS", "obs_status", ATTRIBUTE, "CL_OBS_STATUS", marked("Observation status"),
         marked("Q: there is a number and it is hidden to protect persons.")),
    Part("CONF_STATUS", "conf_status", ATTRIBUTE, "CL_CONF_STATUS", marked("Confidentiality status"),
         marked("F: free. Any other: hidden in this release.")),
    Part("LOWER_BOUND", "lower", ATTRIBUTE, None, marked("Lower bound"),
         marked("The least that the number can be; of an estimate, the lower end of its interval."), DOUBLE,
         is_mandatory=False),
    Part("UPPER_BOUND", "upper", ATTRIBUTE, None, marked("Upper bound"),
         marked("The most that the number can be; of an estimate, the upper end of its interval."), DOUBLE,
         is_mandatory=False),
    Part("RECEIPT", "receipt_id", ATTRIBUTE, None, marked("Receipt"),
         marked("The number under which the release tells how the figure was made."), is_mandatory=False),
    Part("RELEASE", "", ATTRIBUTE, None, marked("Release"), marked("The id of the release."), attached=DATAFLOW,
         is_mandatory=False),
    Part("COMMENT_DSET", "", ATTRIBUTE, None, marked("Note"), marked("What must be known of all figures."),
         attached=DATAFLOW, is_mandatory=False),
)  # fmt: skip
COLUMNS = {part.id: part.column for part in PARTS if part.column}
FLOW, STRUCTURE = "DF_TIP", "DSD_TIP"


def components() -> tuple[Component, ...]:
    """The components of the data structure."""
    return tuple(
        Component(
            part.id,
            part.role,
            names(part.name),
            part.codes,
            part.data_type,
            part.attached,
            part.is_mandatory,
            names(part.words),
        )
        for part in PARTS
    )


def tip_flow(release: Release) -> Flow:
    """The dataflow of a release with its structure and code lists."""
    used: dict[str, set[str]] = {}
    for part in PARTS:
        if part.codes is not None:
            codes = set(release.cube[part.column].unique().to_pylist()) if part.column else set()
            used.setdefault(part.codes, set()).update(code for code in codes if code is not None)
    lists = tuple(scheme(list_id, codes, release) for list_id, codes in used.items())
    title = names(marked("Trafficking in persons: the national account"))
    structure = Structure(AGENCY, STRUCTURE, VERSION, title, components(), lists)
    return Flow(AGENCY, FLOW, VERSION, title, structure, notices(release))
