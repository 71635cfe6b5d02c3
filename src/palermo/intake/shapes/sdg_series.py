"""What the series codes of SDG indicator 16.2.2 mean: VC_HTF_DETV and its relatives.

The codes are those of the UN SDG Global Database; a final R ("VC_HTF_DETVSXR") marks the rate per 100,000 in
national files. Offices coin codes of their own with the same beginning, among them offences and cases: the beginning
of a code says nothing about its unit.
"""

import re
from dataclasses import dataclass

from palermo.intake.observations import NOT_APPLICABLE, TOTAL

_SERIES = re.compile(r"VC_HTF_(DETV(?:SX|FL|OG|OP)?|DETCA|OFF)(R?)", re.IGNORECASE)
_FORMS = {
    "DETV": TOTAL,
    "DETVSX": "sexual",
    "DETVFL": "forced_labour",  # with servitude and slavery
    "DETVOG": "organ_removal",
    "DETVOP": "other",
    "DETCA": TOTAL,
    "OFF": TOTAL,
}
# What is counted: measure, unit of a count, kind.
COUNTED = {
    "victims": ("victims_detected", "PERSON", "detected"),
    "offences": ("offences", "OFFENCE", NOT_APPLICABLE),
    "cases": ("cases_recorded", "CASE", NOT_APPLICABLE),
}


@dataclass(frozen=True)
class Series:
    """A series: what it counts ("victims", "offences", "cases"), whether as a rate per 100,000, and the form."""

    counted: str
    is_rate: bool
    form: str  # codes: form, or _T


def read_series(code: str) -> Series | None:
    """The series that a code names, with or without what stands before it ("SERIE_TEMPORAL.VC_HTF_DETV")."""
    found = _SERIES.fullmatch(code.strip().rpartition(".")[2])
    if found is None:
        return None
    stem = found[1].upper()
    counted = {"DETCA": "cases", "OFF": "offences"}.get(stem, "victims")
    return Series(counted, bool(found[2]), _FORMS[stem])
