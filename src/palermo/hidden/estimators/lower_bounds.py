"""The simple formulae of Chao and of Zelterman, from how many persons are on one list and how many on two.

The decision a reader would question: Chao's formula is not called a lower bound here. It is one for many occasions of
equal reach. With few lists of unequal reach independent lists alone make it too high, and the answer says so and names
the model that is a bound, ``closedp_Mth_Chao_LB_``.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2, norm

from palermo.hidden.answer import Answer, Settings, Verdict, refused
from palermo.hidden.capture import CaptureTable
from palermo.rounded_words import about

_BETTER = "closedp_Mth_Chao_LB_ allows for unequal lists"
_UNEQUAL = 0.05  # p-value below which the lists' sizes are no accident of equal lists
_FASTEST = 50.0  # sightings a person beyond which exp(-rate) is 0 persons and the arithmetic ends


@dataclass(frozen=True)
class _Frequencies:
    """Persons on exactly one list, on exactly two, and all."""

    one: int
    two: int
    n: int


def chao_lower_bound(table: CaptureTable, settings: Settings) -> Answer:
    """Chao's formula n + f1^2 / (2 f2), with f1 and f2 the persons on one and on two lists.

    Chao 1987, Biometrics 43:783-791, variance f2 (r^4 / 4 + r^3 + r^2 / 2) with r = f1 / f2, and log-normal interval
    (her formula 12). Where f2 is 0 the bias-corrected form stands in.
    """
    name = "chao_lower_bound"
    found = _frequencies(table)
    if found.n == 0:
        return refused(name, settings.level, "No list saw anybody.")
    if found.two == 0:
        return _corrected(name, table, settings, ["Nobody is on exactly two lists: the bias-corrected form stands in."])
    ratio = found.one / found.two
    variance = found.two * (ratio**4 / 4 + ratio**3 + ratio**2 / 2)
    return _answer(name, table, settings, found.one**2 / (2 * found.two), variance, [])


def chao_bias_corrected(table: CaptureTable, settings: Settings) -> Answer:
    """Chao's bias-corrected formula n + f1 (f1 - 1) / (2 (f2 + 1)), defined where f2 is 0 too.

    Chao 2005, Encyclopedia of Statistical Sciences 12:7907 (species richness); variance as in EstimateS (Colwell),
    log-normal interval as in Chao 1987.
    """
    name = "chao_bias_corrected"
    if table.n == 0:
        return refused(name, settings.level, "No list saw anybody.")
    return _corrected(name, table, settings, [])


def zelterman(table: CaptureTable, settings: Settings) -> Answer:
    """Zelterman's formula n / (1 - exp(-2 f2 / f1)).

    Zelterman 1988, Journal of Statistical Planning and Inference 18:225-237. Variance n G (1 + n G l^2 (1/f1 + 1/f2))
    with l = 2 f2 / f1 and G = exp(-l) / (1 - exp(-l))^2 (Böhning 2008, Statistical Methodology 5:410-423); log-normal
    interval of the unseen, so that no limit lies below the persons seen.
    """
    name = "zelterman"
    found = _frequencies(table)
    if found.n == 0:
        return refused(name, settings.level, "No list saw anybody.")
    if found.two == 0 or found.one == 0:
        return refused(
            name, settings.level, "Nobody is on exactly one list, or nobody on exactly two: no estimate exists."
        )
    rate = min(2 * found.two / found.one, _FASTEST)
    unseen = found.n / np.expm1(rate)
    spread = np.exp(-rate) / np.expm1(-rate) ** 2
    variance = found.n * spread * (1 + found.n * spread * rate**2 * (1 / found.one + 1 / found.two))
    return _answer(name, table, settings, float(unseen), float(variance), [])


def _corrected(name: str, table: CaptureTable, settings: Settings, reasons: list[str]) -> Answer:
    found = _frequencies(table)
    one, two = float(found.one), float(found.two)
    unseen = one * (one - 1) / (2 * (two + 1))
    if two:
        variance = unseen + one * (2 * one - 1) ** 2 / (4 * (two + 1) ** 2)
        variance += one**2 * two * (one - 1) ** 2 / (4 * (two + 1) ** 4)
    else:
        variance = unseen + one * (2 * one - 1) ** 2 / 4 - one**4 / (4 * (found.n + unseen))
    return _answer(name, table, settings, unseen, variance, reasons)


def _frequencies(table: CaptureTable) -> _Frequencies:
    times = np.array([history.bit_count() for history in range(1 << table.k)])
    return _Frequencies(int(table.cells[times == 1].sum()), int(table.cells[times == 2].sum()), table.n)


def _answer(
    name: str, table: CaptureTable, settings: Settings, unseen: float, variance: float, reasons: list[str]
) -> Answer:
    """The answer with the log-normal interval n + f0 / C to n + f0 C, C = exp(z sqrt(log(1 + variance / f0^2)))."""
    said = [*reasons, *_why_no_bound(table, name)]
    found = _frequencies(table)
    factor = 1.0
    if unseen > 0:
        z = norm.ppf((1 + settings.level) / 2)
        factor = float(np.exp(z * np.sqrt(np.log1p(max(variance, 0.0) / unseen**2))))
    return Answer(
        name,
        table.n + unseen,
        table.n + unseen / factor,
        table.n + unseen * factor,
        settings.level,
        settings={"interval": "log-normal for the unseen (Chao 1987)"},
        verdict=Verdict.WARNED if said else Verdict.SHOWN,
        reasons=tuple(said),
        diagnostics={"f1": found.one, "f2": found.two, "stderr": float(np.sqrt(max(variance, 0.0)))},
    )


def _why_no_bound(table: CaptureTable, name: str) -> list[str]:
    """Why the formula is no lower bound here: lists of unequal reach, or few of them."""
    label = "The formula" if name == "zelterman" else "In spite of its name the formula"
    sizes = table.list_sizes.astype(np.float64)
    unequal = float(((sizes - sizes.mean()) ** 2 / sizes.mean()).sum())
    if unequal > chi2.ppf(1 - _UNEQUAL, table.k - 1):
        return [
            f"{label} is no lower bound here: it assumes many lists of equal reach, and of these {table.k} the "
            f"smallest saw {about(int(sizes.min()))} and the largest {about(int(sizes.max()))} persons, which alone "
            f"makes it too high; {_BETTER}."
        ]
    return [
        f"{label} is no lower bound here: with {table.k} lists of equal reach it puts the unseen "
        f"{1 / (table.k - 1):.0%} too high where lists are independent; {_BETTER}."
    ]


ESTIMATORS = {"chao_lower_bound": chao_lower_bound, "chao_bias_corrected": chao_bias_corrected, "zelterman": zelterman}
