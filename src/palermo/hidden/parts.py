"""One way to estimate by parts, for Python and the command: which estimators say anything of parts, and how.

The decision a reader would question: with no estimator named the parts come from the pooled model, and each stratum on
its own stands beside it for comparison. Other estimators know no parts; they run on each stratum as on a table.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from types import MappingProxyType

from palermo.hidden.answer import Answer, Settings
from palermo.hidden.capture import CaptureTable
from palermo.hidden.plain_strata import PLAIN, plain_stratification
from palermo.hidden.strata import estimate_by
from palermo.hidden.strata_model import PLANS, POOLED, year_among

Run = Callable[[CaptureTable, Sequence[str], Settings], list[Answer]]


def _planned(name: str, table: CaptureTable, by: Sequence[str], settings: Settings) -> list[Answer]:
    plan = replace(PLANS[name], year=year_among(table, by))
    return [replace(own, estimator=name) for own in estimate_by(table, by, settings, plan)]


PARTED: Mapping[str, Run] = MappingProxyType(
    {**{name: partial(_planned, name) for name in PLANS}, PLAIN: plain_stratification}
)
DEFAULT = (POOLED, PLAIN)


def estimate_parts(
    table: CaptureTable, by: Sequence[str], settings: Settings | None = None, estimators: Iterable[str] | None = None
) -> list[Answer]:
    """The total and all parts by each estimator that knows parts (``PARTED``), of those named or of ``DEFAULT``.

    An estimator of this kind is not to be run on the whole table besides, as its total (``_T``) is among the answers.
    """
    chosen = settings or Settings()
    names = DEFAULT if estimators is None else tuple(name for name in estimators if name in PARTED)
    return [answer for name in names for answer in PARTED[name](table, by, chosen)]
