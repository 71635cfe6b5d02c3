"""SDMX-ML 2.1, structure specific: series of indicator 16.2.2 as a national office reports them.

Read with a plain XML parser and not with an SDMX library: the file names its structure but does not bring it, so
that a library has nothing to check the codes against. A document that declares a DTD is refused, because entities can
reach other files or grow without limit; no SDMX file needs one.
"""

from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

from palermo.codes import ages, areas
from palermo.codes.sdg_structure import UNUSED_DIMENSIONS
from palermo.errors import PalermoError, RefusedError
from palermo.intake.figures import BOUNDS, MISSING, Figure, UnreadableFigureError, read_figure
from palermo.intake.observations import TOTAL, UNKNOWN, Key, SourceFigure, Tally, batch_of
from palermo.intake.published import year_of
from palermo.intake.registry import Adapter, Batch, Head, QuarantinedRow, SourceOptions
from palermo.intake.shapes.sdg_series import COUNTED, read_series

SEXES = {TOTAL: TOTAL, "F": "F", "M": "M", "O": "O", UNKNOWN: UNKNOWN}
UNITS = {"NUMBER": False, "PS": False, "PER_100000_POP": True, "PER_100K": True, "PER_100000": True}
_STATUS = {"E": "E", "P": "P", "B": "B", "U": "U", "A": None}


class _FaultySeriesError(ValueError):
    def __init__(self, column: str, found: str, expected: str) -> None:
        super().__init__(f"{column}: {found!r}; expected {expected}")
        self.column, self.found, self.expected = column, found, expected


def recognise(head: Head) -> bool:
    """Whether the document is structure-specific SDMX-ML with a series of 16.2.2 near its beginning."""
    return head.format == "xml" and "StructureSpecificData" in head.text and "VC_HTF_" in head.text


def read(path: Path, options: SourceOptions) -> Iterator[Batch]:
    """All series as one batch; each observation is one row, numbered in file order."""
    figures: list[SourceFigure] = []
    quarantined: list[QuarantinedRow] = []
    for number, (series, observation) in enumerate(_observations(path), 1):
        found = observation.get("OBS_VALUE", "")
        try:
            key = _key(series, observation)
            figure = _figure(observation, whole=key.unit != "PER_100K")
        except _FaultySeriesError as fault:
            quarantined.append(
                QuarantinedRow(
                    path.name, number, fault.column, fault.found, fault.expected, "code not readable", raw=_raw(series)
                )
            )
        except UnreadableFigureError as fault:
            quarantined.append(
                QuarantinedRow(path.name, number, "OBS_VALUE", found, str(fault), "not a figure", raw=_raw(series))
            )
        else:
            status = _STATUS.get(observation.get("OBS_STATUS", "A"))
            figures.append(SourceFigure(key, figure.with_status(status), number, "OBS_VALUE", found))
    yield batch_of(options.list_name, path.name, figures, quarantined, Tally())


def _raw(series: dict[str, str]) -> str:
    return " | ".join(f"{name}={code}" for name, code in series.items() if code != TOTAL)


def _key(series: dict[str, str], observation: dict[str, str]) -> Key:
    named = read_series(series.get("SERIES", ""))
    if named is None:
        raise _FaultySeriesError("SERIES", series.get("SERIES", ""), "a series such as VC_HTF_DETV")
    for name in UNUSED_DIMENSIONS:
        if series.get(name, TOTAL) not in {TOTAL, "_Z"}:
            raise _FaultySeriesError(name, series[name], "_T; the account has no such breakdown")
    if series.get("UNIT_MULT", observation.get("UNIT_MULT", "0")) != "0":
        raise _FaultySeriesError("UNIT_MULT", observation.get("UNIT_MULT", ""), "0 (units)")
    area, sex, age = _area(series), SEXES.get(series.get("SEX", TOTAL)), _age(series.get("AGE", TOTAL))
    if sex is None:
        raise _FaultySeriesError("SEX", series["SEX"], ", ".join(SEXES))
    year = year_of(observation.get("TIME_PERIOD", ""))
    if year is None:
        raise _FaultySeriesError("TIME_PERIOD", observation.get("TIME_PERIOD", ""), "a year such as 2011")
    measure, unit, kind = COUNTED[named.counted]
    is_rate = UNITS.get(series.get("UNIT_MEASURE", ""))
    if is_rate is None or (named.is_rate and not is_rate):
        raise _FaultySeriesError("UNIT_MEASURE", series.get("UNIT_MEASURE", ""), ", ".join(UNITS))
    return Key(measure, "PER_100K" if is_rate else unit, kind, area, str(year), sex, age, named.form)


def _figure(observation: dict[str, str], *, whole: bool) -> Figure:
    """The figure; one that is suppressed keeps the bounds that stand beside it."""
    found = read_figure(observation.get("OBS_VALUE", ""), whole=whole)
    if found.value is not None or observation.get("OBS_STATUS") != "Q":
        return found
    lower, upper = (
        read_figure(observation.get(name, ""), whole=False).value for name in ("LOWER_BOUND", "UPPER_BOUND")
    )
    if lower is None or upper is None or lower > upper:
        return Figure(None, None, None, "Q", MISSING)
    return Figure(None, lower, upper, "Q", BOUNDS)


def _area(series: dict[str, str]) -> str:
    code = series.get("REF_AREA", "")
    if code.isdigit():  # M49, which the global dataflow writes without leading zeros
        area = areas.from_m49(code.zfill(3))
    else:
        area = areas.from_iso2(code) if len(code) == 2 else areas.match(code)
    if area is None:
        raise _FaultySeriesError("REF_AREA", code, "a country; a part of a country is not read yet")
    return area


def _age(code: str) -> str:
    if code in {TOTAL, UNKNOWN} or ages.bounds(code):
        return code
    raise _FaultySeriesError("AGE", code, "an age band such as Y0T17")


def _observations(path: Path) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """Attributes of the series and of each observation in it.

    Raises ``RefusedError`` for a document with a DTD, ``PalermoError`` for one that is not well formed.
    """
    series: dict[str, str] = {}
    found: list[tuple[dict[str, str], dict[str, str]]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "Series":
            series.clear()
            series.update(attributes)
        elif local == "Obs":
            found.append((dict(series), attributes))

    def doctype(*_: object) -> None:
        raise RefusedError(f"{path}: the document declares a DTD, which SDMX never needs and which can do harm")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = doctype
    try:
        with path.open("rb") as file:
            parser.ParseFile(file)
    except expat.ExpatError as error:
        raise PalermoError(f"{path}: not well-formed XML: {error}") from None
    yield from found


ADAPTERS = (
    Adapter("sdmx-ml-16-2-2", "SDMX-ML 2.1 file with series of indicator 16.2.2", ("observations",), recognise, read),
)
