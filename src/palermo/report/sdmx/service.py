"""A release as a service: an address of SDMX 3.0 or 2.1 in, an answer out."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

from palermo.language import speaking, spoken_now
from palermo.report.reading import Release
from palermo.report.sdmx.availability import AVAILABLE, EXACT, constraint, everything
from palermo.report.sdmx.error_message import error_answer
from palermo.report.sdmx.faults import FaultError, no_results, not_served, syntax
from palermo.report.sdmx.formats import DATA, SCHEMA, STRUCTURE, negotiated, offered
from palermo.report.sdmx.keys import keys_of_2_1, keys_of_3_0
from palermo.report.sdmx.message import Message, message_of
from palermo.report.sdmx.model import AGENCY, Constraint
from palermo.report.sdmx.official import official_dataset
from palermo.report.sdmx.parameters import AVAILABILITY, query_2_1, query_3_0
from palermo.report.sdmx.query import DataQuery, select
from palermo.report.sdmx.request import Answer, Request
from palermo.report.sdmx.structures import DETAILS, Found, Wanted, find, references_of, wanted_of
from palermo.report.sdmx.table import Dataset, tip_dataset
from palermo.report.tag import tag_of

CONTEXTS = frozenset({"dataflow", "datastructure", "provisionagreement", "*"})
NOT_SERVED = frozenset({"metadata", "registration"})
OF_SCHEMA = frozenset({"format", "dimensionAtObservation", "explicitMeasure"})  # a schema in JSON is the same for each
_VARY = "Accept, Accept-Language"


@dataclass(frozen=True)
class Asked:
    """A data or availability query after its address was read."""

    dataset: Dataset
    query: DataQuery
    rest: Sequence[str]  # what stands in the path after the key
    is_2_1: bool


@dataclass(frozen=True)
class Service:
    """The SDMX service of one release."""

    release: Release
    datasets: tuple[Dataset, ...]

    @cached_property
    def constraints(self) -> tuple[Constraint, ...]:
        """What data there are of each flow."""
        return tuple(everything(one) for one in self.datasets)

    @property
    def etag(self) -> str:
        """The tag of the release, below which an answer never changes. Weak, as formats differ in bytes."""
        return f'W/"{tag_of(self.release)}"'

    def answer(self, request: Request) -> Answer:
        """The answer to a request; a query without an answer is answered with an error message."""
        with speaking(request.language):
            message = message_of(self.release, request.prepared)
            try:
                return self._answer(request, message)
            except FaultError as fault:
                made = error_answer(fault, message, request.accept)
                return replace(made, headers={**made.headers, "Vary": _VARY})

    def _answer(self, request: Request, message: Message) -> Answer:
        first, *rest = request.segments or [""]
        if first in NOT_SERVED:
            raise not_served(f"{first}: not served; served are data, structure, availability, schema")
        routes: Mapping[str, Callable[[Request, list[str], Message], Answer]] = {
            "data": self._data,
            "availability": self._availability,
            "availableconstraint": self._availability,
            "structure": self._structure,
            "schema": self._schema,
        }
        if first in routes and not (first == "structure" and not rest):
            return routes[first](request, rest, message)
        return self._structure_2_1(request, [first, *rest], message)

    def _data(self, request: Request, path: list[str], message: Message) -> Answer:
        given = request.parameters
        asked = self._asked(given, path)
        if any(part not in {"", "all", AGENCY} for part in asked.rest):
            raise no_results(f"no data of provider {asked.rest[0]}; the provider is {AGENCY}")
        form = negotiated(request.accept, given.get("format"), offered(list(DATA), asked.is_2_1))
        if self._is_known(request):
            return self._answered(form.media_type, (), status=304)
        body = DATA[form](select(asked.dataset, asked.query), message)
        return self._answered(form.media_type, chain([next(body)], body))  # the first piece speaks the language

    def _asked(self, given: Mapping[str, str], path: list[str], more: frozenset[str] = frozenset()) -> Asked:
        if path and path[0] not in CONTEXTS:
            flow_ref, key, *rest = [*path, "all"] if len(path) == 1 else path
            dataset = self._one(_flow_of_2_1(flow_ref))
            return Asked(dataset, query_2_1(given, keys_of_2_1(key, dataset.flow.structure), more), rest, True)
        context, agency, name, version, key, *rest = [*path, *["*"] * (5 - len(path))]
        if context == "provisionagreement":
            raise not_served("provisionagreement: not served; data are of a dataflow")
        wanted = Wanted("", *(frozenset(part.split(",")) for part in (agency, name, version)))
        dataset = self._one(wanted, of_structure=context == "datastructure")
        structure = dataset.flow.structure
        return Asked(dataset, query_3_0(given, keys_of_3_0(key, structure), structure, more), rest, False)

    def _one(self, wanted: Wanted, *, of_structure: bool = False) -> Dataset:
        """The only dataset that is meant."""
        found = [one for one in self.datasets if wanted.fits(one.flow.structure if of_structure else one.flow)]
        known = ", ".join(one.flow.reference for one in self.datasets)
        if not found:
            raise no_results(f"no such dataflow; there are {known}")
        if len(found) > 1:
            raise not_served(f"one dataflow at a time; there are {known}")
        return found[0]

    def _availability(self, request: Request, path: list[str], message: Message) -> Answer:
        given = request.parameters
        asked = self._asked(given, path, AVAILABILITY)
        components = _components(asked)
        mode = given.get("mode", EXACT)
        if mode not in {EXACT, AVAILABLE}:
            raise syntax(f"mode={mode}: expected {EXACT} or {AVAILABLE}")
        made = constraint(asked.dataset, asked.query, components, mode)
        wanted = Wanted("DataConstraint", frozenset({made.agency}), frozenset({made.id}), frozenset({made.version}))
        found = find(wanted, references_of(given.get("references")), [asked.dataset.flow], [made])
        return self._structures(request, found, message, is_2_1=asked.is_2_1)

    def _structure(self, request: Request, path: list[str], message: Message) -> Answer:
        resource, *rest = path or ["*"]
        return self._found(request, wanted_of(resource, rest), message, is_2_1=False)

    def _structure_2_1(self, request: Request, path: list[str], message: Message) -> Answer:
        resource, *rest = path
        return self._found(request, wanted_of(resource, rest, "+"), message, is_2_1=True)

    def _schema(self, request: Request, path: list[str], message: Message) -> Answer:
        """What data of a flow or structure must look like: its structure with every list, the same in 3.0 and 2.1.

        A release narrows no list further for a flow, so that the schema of a flow is that of its structure.
        """
        context, *rest = path or [""]
        if context not in {"dataflow", "datastructure"}:
            raise not_served(f"schema/{context}: not served; served are schema/dataflow and schema/datastructure")
        if unknown := set(request.parameters) - OF_SCHEMA:
            raise syntax(f"{min(unknown)}: no such parameter; expected {', '.join(sorted(OF_SCHEMA))}")
        flows = [one.flow for one in self.datasets]
        found = find(wanted_of(context, rest[:3]), ("descendants",), flows, self.constraints)
        if len(found["DataStructure"]) > 1:
            raise not_served("one schema at a time; name the agency and the id")
        form = negotiated(request.accept, request.parameters.get("format"), list(SCHEMA))
        if self._is_known(request):
            return self._answered(form.media_type, (), status=304)
        return self._answered(form.media_type, [SCHEMA[form](found, message)])

    def _found(self, request: Request, wanted: Wanted, message: Message, *, is_2_1: bool) -> Answer:
        given = request.parameters
        if unknown := set(given) - {"references", "detail", "format"}:
            raise syntax(f"{min(unknown)}: no such parameter; expected references, detail or format")
        detail = given.get("detail", "full")
        if detail not in {"full", "referencepartial", "raw"}:
            problem = not_served if detail in DETAILS else syntax
            raise problem(f"detail={detail}: served is full")
        flows = [one.flow for one in self.datasets]
        found = find(wanted, references_of(given.get("references")), flows, self.constraints)
        return self._structures(request, found, message, is_2_1=is_2_1)

    def _structures(self, request: Request, found: Found, message: Message, *, is_2_1: bool) -> Answer:
        form = negotiated(request.accept, request.parameters.get("format"), offered(list(STRUCTURE), is_2_1))
        if self._is_known(request):
            return self._answered(form.media_type, (), status=304)
        return self._answered(form.media_type, [STRUCTURE[form](found, message)])

    def _is_known(self, request: Request) -> bool:
        known = [tag.strip().removeprefix("W/") for tag in request.if_none_match.split(",")]
        return "*" in known or self.etag.removeprefix("W/") in known

    def _answered(self, media_type: str, body: Iterable[bytes], status: int = 200) -> Answer:
        headers = {"Content-Type": media_type, "Content-Language": spoken_now().code, "ETag": self.etag, "Vary": _VARY}
        return Answer(status, headers, body)


def _components(asked: Asked) -> tuple[str, ...]:
    """The dimensions that an availability query names; 2.1 has a provider before them, which some clients leave out."""
    rest = list(asked.rest)
    is_named = bool(rest) and set(rest[0].split("+")) <= set(asked.dataset.flow.structure.key)
    if asked.is_2_1 and rest and not is_named:
        rest.pop(0)
    named = (rest[0] if rest else "*").replace("+", ",").split(",")
    return tuple(part for part in named if part not in {"*", "all"})


def _flow_of_2_1(text: str) -> Wanted:
    """``AGENCY,FLOW,VERSION``, ``AGENCY,FLOW`` or ``FLOW``."""
    parts = text.split(",")
    agency, name, version = ["*", *parts, "*"] if len(parts) == 1 else [*parts, "*"][:3]
    return Wanted("", frozenset({agency}), frozenset({name}), frozenset({version}))


def open_service(release: Release) -> Service:
    """The service of a release. Raises ``PalermoError`` where two of its observations share a key."""
    with speaking("en"):  # data are the same for every reader; names come in all languages
        official = official_dataset(release)
        return Service(release, (tip_dataset(release), *([official] if official else [])))
