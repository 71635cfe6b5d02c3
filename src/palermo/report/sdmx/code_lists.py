"""Our code lists as SDMX code lists, with what a release adds: its indicators, its lists, age bands of its own."""

import re
from collections.abc import Iterable, Mapping

from palermo.codes import Code, areas, code_list
from palermo.language import marked
from palermo.report.labels import SPECIAL
from palermo.report.reading import Release
from palermo.report.sdmx.model import AGENCY, VERSION, Entry, Names, Scheme
from palermo.report.sdmx.periods import FREQUENCIES
from palermo.report.sdmx.texts import names

_ID = re.compile(r"[A-Za-z0-9_$][A-Za-z0-9_@$\-]*")
_FORBIDDEN = re.compile(r"^[@\-]|[^A-Za-z0-9_@$\-]")  # a spreadsheet takes a cell that begins with @ or - for a formula
TITLES = {
    "CL_FREQ": marked("Frequency"),
    "CL_AREA": marked("Area"),
    "CL_INDICATOR": marked("Indicator"),
    "CL_MEASURE": marked("Measure"),
    "CL_UNIT": marked("Unit"),
    "CL_KIND": marked("Kind of number"),
    "CL_SEX": marked("Sex"),
    "CL_AGE": marked("Age"),
    "CL_FORM": marked("Form of exploitation"),
    "CL_REACH": marked("Reach"),
    "CL_SOURCE_LIST": marked("List"),
    "CL_BAND": marked("Band"),
    "CL_OBS_STATUS": marked("Observation status"),
    "CL_CONF_STATUS": marked("Confidentiality status"),
}
_OURS = {  # what our own lists give
    "CL_MEASURE": ("measure",),
    "CL_UNIT": ("unit",),
    "CL_KIND": ("kind",),
    "CL_SEX": ("sex",),
    "CL_AGE": ("age",),
    "CL_FORM": ("form",),
    "CL_REACH": ("reach",),
    "CL_BAND": ("conviction_band", "comparison", "age"),
    "CL_OBS_STATUS": ("obs_status",),
    "CL_CONF_STATUS": ("conf_status",),
}


def sdmx_ids(codes: Iterable[str]) -> dict[str, str]:
    """For each code an id that SDMX allows and no other code has: the code itself wherever it is one."""
    ordered = sorted(set(codes), key=lambda code: (not _ID.fullmatch(code), code))
    taken: dict[str, str] = {}
    for code in ordered:
        wanted = made = _FORBIDDEN.sub("_", code) or "_"
        number = 2
        while made in taken:
            made, number = f"{wanted}_{number}", number + 1
        taken[made] = code
    return {code: made for made, code in taken.items()}


def scheme(list_id: str, used: Iterable[str], release: Release) -> Scheme:
    """A code list with every code of ours and every code that the release uses."""
    entries = {entry.id: entry for entry in _entries(list_id, release)}
    for code, made in sorted(sdmx_ids(used).items()):
        if made not in entries:
            entries[made] = Entry(made, names(_label(list_id, code, release)))
    return Scheme(AGENCY, list_id, VERSION, names(TITLES[list_id]), tuple(entries.values()))


def _entries(list_id: str, release: Release) -> list[Entry]:
    if list_id == "CL_FREQ":
        return [Entry(code, names(name), None, names(more)) for code, (name, more) in FREQUENCIES.items()]
    if list_id == "CL_AREA":
        return [_area(code, release) for code in _areas()]
    if list_id == "CL_INDICATOR":
        return [_indicator(code, said) for code, said in sorted(_indicators(release).items())]
    found: dict[str, Entry] = {}
    for ours in _OURS.get(list_id, ()):
        known = code_list(ours)
        codes = {code.id: code for code in (*known.codes, *known.table_codes)}
        found |= {code_id: _code(code, codes) for code_id, code in codes.items() if code_id not in found}
    return list(found.values())


def _code(code: Code, known: Mapping[str, Code]) -> Entry:
    parent = code.parent if code.parent in known else None
    return Entry(code.id, names(code.label), parent, names(code.description))


def _areas() -> list[str]:
    return [area.code for area in (*areas.countries(), *areas.regions())] + [areas.STATELESS]


def _area(code: str, release: Release) -> Entry:
    area = areas.get(code)
    found: dict[str, str] = dict(area.names)
    if code == release.metadata.get("area") and release.metadata.get("area_name"):
        found["en"] = str(release.metadata["area_name"])
    return Entry(code, found, area.parent, {"en": area.note} if area.note else {})


def _indicators(release: Release) -> Mapping[str, Mapping[str, str]]:
    found = release.receipts.get("indicators")
    return found if isinstance(found, Mapping) else {}


def _indicator(code: str, said: Mapping[str, str]) -> Entry:
    return Entry(code, names(str(said.get("title") or code)), None, _english(said.get("words")))


def _english(text: object) -> Names:
    return {"en": str(text)} if text else {}


def _label(list_id: str, code: str, release: Release) -> str:
    """The name of a code that is in no list of ours."""
    if code in SPECIAL:
        return SPECIAL[code]
    if list_id == "CL_AREA":
        return release.name_of(code)
    for ours in _OURS.get(list_id, ()):
        if code_list(ours).in_table(code):
            return code_list(ours)[code].label
    return code
