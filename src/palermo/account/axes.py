"""The dimensions of the cube, made from the columns of the finest cells.

An axis turns each finest cell into a code of one dimension. Codes are looked up once per distinct value, never once
per row. The decision a reader would question: an axis lists every code that occurs anywhere in the account, and
female, male, child, adult and unknown always, so that a count of zero is a row of the cube. A code that nobody has,
such as "not asked" where every list asks, has no rows: rows of zeros alone cost protection much and tell nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from palermo.codes import ages, areas, code_list
from palermo.settings import Rules

Indexes = npt.NDArray[np.int64]

NOTHING = ("_U", "_N")
NOT_HELPED = (*NOTHING, "none")  # codes of a person of whom no help is known
SEXES = ("F", "M", "_U")  # always have rows
AGES = (ages.CHILD, ages.ADULT, "_U", "_N")  # the first three always have rows
REACHES = ("DOM", "SUBR", "REG", "TREG", "_U")
SEVERAL = "_M"


@dataclass(frozen=True)
class Axis:
    """The code of each finest cell in one column of the cube.

    Where a cell may have several codes, ``cells`` says whose each code is; the total is then not the sum of the codes.
    """

    column: str
    labels: tuple[str, ...]
    codes: Indexes
    cells: Indexes | None = None


@dataclass(frozen=True)
class Frame:
    """What the account says about itself: its area and its rules."""

    area: str
    rules: Rules

    @property
    def country(self) -> str | None:
        """The area of the account where it is one country, else None."""
        return self.area if areas.is_area(self.area) and areas.get(self.area).level == "country" else None


def coded(column: str, array: pa.Array, code_of: Callable[[Any], str], always: tuple[str, ...] = ()) -> Axis:
    """An axis whose code is a function of one value; its labels are those that occur and those of ``always``."""
    entries = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    encoded = entries.dictionary_encode(null_encoding="encode")
    words = [code_of(value) for value in encoded.dictionary.to_pylist()]
    labels = (*always, *sorted(set(words) - set(always)))
    place = {label: number for number, label in enumerate(labels)}
    lookup = np.array([place[word] for word in words], dtype=np.int64)
    positions = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    return Axis(column, labels, lookup[positions] if words else positions)


def year_axis(cells: pa.Table, column: str) -> Axis:
    """Years as text; ``_U`` where unknown. Only codes that occur: a year in which no list exists is not a zero."""
    return coded("time_period", cells[column], lambda year: "_U" if year is None else str(year))


def sex_axis(cells: pa.Table) -> Axis:
    """Female, male, unknown, and the other codes that occur."""
    return coded("sex", cells["sex"], lambda sex: sex or "_U", SEXES)


def _age_codes(cells: pa.Table) -> Indexes:
    """Positions in ``AGES``. A known age in years decides; else the recorded band."""
    by_band = coded("age", cells["age_band"], lambda band: ages.age_group(band or "_U"), AGES).codes
    adult = cells["adult"].combine_chunks()
    known = adult.is_valid().to_numpy(zero_copy_only=False)
    is_adult = adult.fill_null(False).to_numpy(zero_copy_only=False)
    return np.where(known, is_adult.astype(np.int64), by_band)


def age_axis(cells: pa.Table, frame: Frame) -> Axis:
    """Children, adults, unknown, not asked. By the rule ``child``, persons whose age is in doubt are children."""
    codes = _age_codes(cells)
    if frame.rules.age_in_doubt == "child":
        codes = np.where(codes == AGES.index("_U"), AGES.index(ages.CHILD), codes)
    labels = AGES if (codes == AGES.index("_N")).any() else AGES[:-1]
    return Axis("age", labels, codes)


def band_axis(cells: pa.Table, standard: tuple[str, ...]) -> Axis:
    """The band of the age in years where it is known, else the recorded band. Lies within the age group."""
    recorded = pc.coalesce(cells["years_band"], cells["age_band"])
    axis = coded("band", recorded, lambda band: _band(band or "_U", standard), AGES)
    groups = np.array([AGES.index(ages.age_group(label)) for label in axis.labels], dtype=np.int64)
    by_age = _age_codes(cells)
    # A band that says another side of 18 than the age in years gives way to it.
    return Axis("band", axis.labels, np.where(groups[axis.codes] == by_age, axis.codes, by_age))


@cache
def _band(band: str, standard: tuple[str, ...]) -> str:
    limits = ages.bounds(band)
    if limits is None or limits[0] != limits[1]:
        return band
    for wide in standard:
        lower, upper = ages.bounds(wide) or (0, -1)
        if lower <= limits[0] and (upper is None or limits[0] <= upper):
            return wide
    return ages.age_group(band)


def form_axis(cells: pa.Table, frame: Frame) -> Axis:
    """Forms of exploitation: each recorded form, or by the rule ``mixed`` one code per person."""
    if frame.rules.forms == "mixed":
        return coded("form", _joined(cells["forms"]), lambda forms: _one_form(tuple(forms.split())), ("_U",))
    return _several(cells["forms"], lambda form: form, ("_U",))


def group_axis(cells: pa.Table, groups: Mapping[str, list[str]]) -> Axis:
    """The groups of forms of the SDG series, and not asked; a recorded form outside them is ``other``."""
    group_of = {form: group for group, forms in groups.items() for form in forms}
    axis = _several(cells["forms"], lambda form: form if form in NOTHING else group_of.get(form, "other"), NOTHING)
    labels = (*groups, "other", "_N")
    place = np.array([labels.index(label) if label in labels else -1 for label in axis.labels], dtype=np.int64)
    assert axis.cells is not None  # `_several` always says whose a code is
    kept = place[axis.codes] >= 0
    return Axis("form", labels, place[axis.codes][kept], axis.cells[kept])


def _several(lists: pa.ChunkedArray, code_of: Callable[[str], str], always: tuple[str, ...]) -> Axis:
    """An axis of a multi-valued column, each code once per cell."""
    whole = lists.combine_chunks()
    lengths = pc.list_value_length(whole).fill_null(0).to_numpy(zero_copy_only=False)
    owners = np.repeat(np.arange(len(whole), dtype=np.int64), lengths)
    axis = coded("form", whole.flatten(), lambda code: code_of(code or "_U"), always)
    pairs = np.unique(owners * len(axis.labels) + axis.codes)
    return Axis("form", axis.labels, pairs % len(axis.labels), pairs // len(axis.labels))


def _joined(lists: pa.ChunkedArray) -> pa.Array:
    return pc.binary_join(lists.combine_chunks().cast(pa.list_(pa.string())), " ").fill_null("_U")


def _one_form(forms: tuple[str, ...]) -> str:
    known = set(forms) - set(NOTHING)
    if not known:
        return forms[0] if forms else "_U"
    wider = {parent for form in known for parent in code_list("form").ancestors(form)}
    narrowest = known - wider
    return narrowest.pop() if len(narrowest) == 1 else SEVERAL


def citizenship_axis(cells: pa.Table) -> Axis:
    """Citizenship as recorded."""
    return coded("citizenship", cells["citizenship"], lambda code: code or "_U", ("_U",))


def list_axis(cells: pa.Table) -> Axis:
    """The list that holds the record."""
    return coded("list", cells["list"], str)


def home_axis(cells: pa.Table) -> Axis:
    """Country of origin, or of citizenship where the origin is not known."""
    origin = cells["origin"].fill_null("_U")
    unknown = pc.is_in(origin, pa.array(NOTHING))
    return coded("citizenship", pc.if_else(unknown, cells["citizenship"], origin), lambda code: code or "_U", NOTHING)


def place_axis(cells: pa.Table, frame: Frame) -> Axis:
    """Country of exploitation, or the country of the account where none is recorded."""
    fallback = frame.country or "_U"

    def code_of(code: str | None) -> str:
        return fallback if code is None or code in NOTHING else code

    return coded("counterpart_area", cells["destination"], code_of)


def reach_axis(cells: pa.Table, frame: Frame) -> Axis:
    """How far from home the exploitation was, looked up once per pair of countries; ``_N`` where nobody was asked."""
    home, place = home_axis(cells), place_axis(cells, frame)
    width = max(len(place.labels), 1)
    pairs, positions = np.unique(home.codes * width + place.codes, return_inverse=True)
    found = [
        areas.reach(home.labels[pair // len(place.labels)], place.labels[pair % len(place.labels)]) for pair in pairs
    ]
    lookup = np.array([REACHES.index(code) for code in found], dtype=np.int64)
    codes = lookup[positions.reshape(-1)]
    not_asked = pc.and_(pc.equal(cells["origin"], "_N"), pc.equal(cells["citizenship"], "_N"))
    if frame.country is None:
        not_asked = pc.or_(not_asked, pc.equal(cells["destination"], "_N"))
    where = not_asked.fill_null(False).to_numpy()
    return (
        Axis("reach", (*REACHES, "_N"), np.where(where, len(REACHES), codes))
        if where.any()
        else Axis("reach", REACHES, codes)
    )
