"""The parts of an SDMX structure that we publish: codes, code lists, components, data structure, dataflow, constraint.

Names are by language. The decision a reader would question: artefacts have a version of two parts ("1.0"), which SDMX
3.0 reads as one whose content may still change, because code lists of lists and indicators grow with a release.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

Names = Mapping[str, str]  # language: text

AGENCY = "PALERMO"
VERSION = "1.0"
DIMENSION, TIME, MEASURE, ATTRIBUTE = "dimension", "time", "measure", "attribute"
OBSERVATION, SERIES, DATAFLOW = "observation", "series", "dataflow"  # what an attribute belongs to
STRING, DOUBLE, PERIOD = "String", "Double", "ObservationalTimePeriod"
TIME_PERIOD, OBS_VALUE = "TIME_PERIOD", "OBS_VALUE"
ALL_DIMENSIONS = "AllDimensions"


@dataclass(frozen=True)
class Artefact:
    """What one agency maintains under an id and a version."""

    agency: str
    id: str
    version: str
    names: Names

    @property
    def reference(self) -> str:
        """Agency, id and version as they stand in a URN."""
        return f"{self.agency}:{self.id}({self.version})"


@dataclass(frozen=True)
class Entry:
    """A code of a list, or a concept of a scheme; a concept has a data type, or a code list where it is coded."""

    id: str
    names: Names
    parent: str | None = None
    descriptions: Names = field(default_factory=dict)
    data_type: str = ""
    codes: Artefact | None = None


@dataclass(frozen=True)
class Scheme(Artefact):
    """A code list or a concept scheme. ``is_partial``: only those codes of the agency's list that are used here."""

    entries: tuple[Entry, ...] = ()
    is_partial: bool = False


@dataclass(frozen=True)
class Component:
    """A dimension, the measure or an attribute; ``codes`` is the id of its code list."""

    id: str
    role: str
    names: Names
    codes: str | None = None
    data_type: str = STRING
    attached: str = OBSERVATION
    is_mandatory: bool = False
    descriptions: Names = field(default_factory=dict)


@dataclass(frozen=True)
class Structure(Artefact):
    """A data structure definition with the code lists and the concepts that it uses."""

    components: tuple[Component, ...] = ()
    code_lists: tuple[Scheme, ...] = ()
    concepts: str = "CS_TIP"

    def of_role(self, *roles: str) -> tuple[Component, ...]:
        """The components with one of these roles, in their order."""
        return tuple(one for one in self.components if one.role in roles)

    @property
    def dimensions(self) -> tuple[Component, ...]:
        """The dimensions without time, in the order of the key."""
        return self.of_role(DIMENSION)

    @property
    def key(self) -> tuple[str, ...]:
        """The ids of all dimensions, time last."""
        return tuple(one.id for one in self.of_role(DIMENSION, TIME))

    @property
    def attributes(self) -> tuple[Component, ...]:
        """All attributes, in their order."""
        return self.of_role(ATTRIBUTE)

    def component(self, component_id: str) -> Component | None:
        """The component of this id."""
        return next((one for one in self.components if one.id == component_id), None)

    def list_of(self, component: Component) -> Scheme | None:
        """The code list of a component."""
        return next((one for one in self.code_lists if one.id == component.codes), None)

    @property
    def scheme(self) -> Scheme:
        """The concepts of the components."""
        entries = tuple(
            Entry(one.id, one.names, None, one.descriptions, one.data_type, self.list_of(one))
            for one in self.components
        )
        return Scheme(self.agency, self.concepts, self.version, self.names, entries)


@dataclass(frozen=True)
class Flow(Artefact):
    """A dataflow over a structure. ``notes`` says, by language, what must be known of the figures."""

    structure: Structure = field(default_factory=lambda: Structure("", "", "", {}))
    notes: Names = field(default_factory=dict)


@dataclass(frozen=True)
class Constraint(Artefact):
    """What data there are: the codes of each dimension, and how many series and observations."""

    flow: Flow = field(default_factory=lambda: Flow("", "", "", {}))
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    time: tuple[str, str] | None = None  # first and last period
    series: int = 0
    observations: int = 0


CLASSES = {  # class of an artefact: its name in URNs, which package, resource in URLs
    "Codelist": ("codelist", "codelist"),
    "ConceptScheme": ("conceptscheme", "conceptscheme"),
    "DataStructure": ("datastructure", "datastructure"),
    "Dataflow": ("datastructure", "dataflow"),
    "DataConstraint": ("registry", "dataconstraint"),
}


def urn(kind: str, artefact: Artefact, item: str = "") -> str:
    """The URN of an artefact of a class, or of an item in it."""
    return urn_of(kind, artefact.reference, item)


def urn_of(kind: str, reference: str, item: str = "") -> str:
    """The URN of a reference ``agency:id(version)``; with an item that of a code or concept in it."""
    package = CLASSES[kind][0]
    shown = {"Codelist": "Code", "ConceptScheme": "Concept"}[kind] if item else kind
    return f"urn:sdmx:org.sdmx.infomodel.{package}.{shown}={reference}" + (f".{item}" if item else "")
