"""Observations in the official SDG structure, one by one, whichever format of SDMX they came in.

An observation is the codes and texts of its components by their ids (SERIES, REF_AREA, OBS_VALUE and so on), those of
its series among them. What cannot be read is put aside with its component.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from palermo.codes import ages, areas
from palermo.codes.sdg_structure import UNUSED_DIMENSIONS
from palermo.intake.figures import BOUNDS, MISSING, Figure, UnreadableFigureError, read_figure
from palermo.intake.observations import TOTAL, UNKNOWN, Key, SourceFigure, Tally, batch_of
from palermo.intake.published import year_of
from palermo.intake.registry import Batch, QuarantinedRow, SourceOptions
from palermo.intake.shapes.sdg_series import COUNTED, read_series

Observation = Mapping[str, str]
SEXES = {TOTAL: TOTAL, "F": "F", "M": "M", "O": "O", UNKNOWN: UNKNOWN}
UNITS = {"NUMBER": False, "PS": False, "PER_100000_POP": True, "PER_100K": True, "PER_100000": True}
_STATUS = {"E": "E", "P": "P", "B": "B", "U": "U", "A": None}
_READ = (
    "SERIES", "REF_AREA", "SEX", "AGE", *UNUSED_DIMENSIONS, "UNIT_MEASURE", "UNIT_MULT", "TIME_PERIOD", "OBS_VALUE",
    "OBS_STATUS", "LOWER_BOUND", "UPPER_BOUND",
)  # fmt: skip


class FaultyComponentError(ValueError):
    """A component of an observation that cannot be read: which, what was found, what was expected."""

    def __init__(self, component: str, found: str, expected: str) -> None:
        super().__init__(f"{component}: {found!r}; expected {expected}")
        self.component, self.found, self.expected = component, found, expected


def batch_of_observations(
    path: Path,
    options: SourceOptions,
    observations: Iterable[tuple[int, Observation]],
    bad: Iterable[QuarantinedRow] = (),
) -> Batch:
    """All observations, each with its number in the file, as one batch; ``bad`` are rows that were put aside before."""
    figures: list[SourceFigure] = []
    quarantined = list(bad)
    for number, observation in observations:
        found = observation.get("OBS_VALUE", "")
        try:
            key = _key(observation)
            figure = _figure(observation, whole=key.unit != "PER_100K")
        except FaultyComponentError as fault:
            place = (fault.component, fault.found, fault.expected, "code not readable")
            quarantined.append(QuarantinedRow(path.name, number, *place, raw=_raw(observation)))
        except UnreadableFigureError as fault:
            place = ("OBS_VALUE", found, str(fault), "not a figure")
            quarantined.append(QuarantinedRow(path.name, number, *place, raw=_raw(observation)))
        else:
            figures.append(SourceFigure(key, figure.with_status(_status(observation)), number, "OBS_VALUE", found))
    return batch_of(options.list_name, path.name, figures, quarantined, Tally())


def _raw(observation: Observation) -> str:
    return " | ".join(f"{name}={observation[name]}" for name in _READ if observation.get(name, TOTAL) != TOTAL)


def _key(observation: Observation) -> Key:
    named = read_series(observation.get("SERIES", ""))
    if named is None:
        raise FaultyComponentError("SERIES", observation.get("SERIES", ""), "a series such as VC_HTF_DETV")
    if observation.get("ACTION") == "D":
        raise FaultyComponentError("ACTION", "D", "I, A, R or M; a row to be deleted holds no figure")
    for name in UNUSED_DIMENSIONS:
        if observation.get(name, TOTAL) not in {TOTAL, "_Z"}:
            raise FaultyComponentError(name, observation[name], "_T; the account has no such breakdown")
    if observation.get("UNIT_MULT", "0") != "0":
        raise FaultyComponentError("UNIT_MULT", observation["UNIT_MULT"], "0 (units)")
    area, age, sex = _area(observation), _age(observation), SEXES.get(observation.get("SEX", TOTAL))
    if sex is None:
        raise FaultyComponentError("SEX", observation["SEX"], ", ".join(SEXES))
    year = year_of(observation.get("TIME_PERIOD", ""))
    if year is None:
        raise FaultyComponentError("TIME_PERIOD", observation.get("TIME_PERIOD", ""), "a year such as 2011")
    measure, unit, kind = COUNTED[named.counted]
    is_rate = UNITS.get(observation.get("UNIT_MEASURE", ""))
    if is_rate is None or (named.is_rate and not is_rate):
        raise FaultyComponentError("UNIT_MEASURE", observation.get("UNIT_MEASURE", ""), ", ".join(UNITS))
    return Key(measure, "PER_100K" if is_rate else unit, kind, area, str(year), sex, age, named.form)


def _figure(observation: Observation, *, whole: bool) -> Figure:
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


def _status(observation: Observation) -> str | None:
    """What the source says about the figure; the UN says of an estimate that its nature is one, and no status."""
    return _STATUS.get(observation.get("OBS_STATUS", "A")) or ("E" if observation.get("NATURE") == "E" else None)


def _area(observation: Observation) -> str:
    code = observation.get("REF_AREA", "")
    by_number = areas.from_m49(code) if code.isdigit() else None  # the global dataflow leaves out leading zeros
    named = by_number or (areas.from_iso2(code) if len(code) == 2 else code)
    area = areas.match(named or "")  # which knows no region: the world stands beside its countries in UN files
    if area is None:
        raise FaultyComponentError("REF_AREA", code, "a country; a region or a part of a country is not read")
    return area


def _age(observation: Observation) -> str:
    code = observation.get("AGE", TOTAL)
    if code in {TOTAL, UNKNOWN} or ages.bounds(code):
        return code
    raise FaultyComponentError("AGE", code, "an age band such as Y0T17")
