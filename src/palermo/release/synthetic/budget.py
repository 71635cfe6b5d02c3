"""Whether a promise of privacy is worth its name, before any noise is drawn.

The decision a reader would question: above an epsilon of fifty the work is refused and not only warned of. Such a file
would carry the word private, and nothing else of it.
"""

import math

from palermo.errors import RefusedError, UsageError

HIGH, HIGHEST = 12.0, 50.0
LOW, LOWEST = 0.05, 0.001
"""Below the second the noise alone makes more rows than any file has, and at last more than the memory holds."""


def delta_or_default(delta: float | None, public_persons: int | None) -> float:
    """The delta that was given, or one over the square of a number of persons that is public. Raises "
    "``UsageError``."""
    if delta is not None:
        return delta
    if public_persons is None:
        raise UsageError(
            "no delta: it is the small chance that the promise fails. Give --delta, well below one over the number of "
            "persons (1e-9 suits up to ten thousand); or --public-persons N, a number of persons that was published "
            "already, and delta is 1/N². It is not taken from the file, because the file's size is confidential"
        )
    if public_persons < 2:
        raise UsageError(f"--public-persons {public_persons}: expected the published number of persons, at least 2")
    return 1 / public_persons**2


def check_budget(epsilon: float, delta: float, persons: int) -> tuple[str, ...]:
    """Warnings on the promise. Raises ``RefusedError`` or ``UsageError`` where it is none."""
    if not math.isfinite(epsilon) or epsilon <= 0:
        raise UsageError(
            f"epsilon is {epsilon:g}; expected a number above 0: 1 protects well, 4 is common, {HIGH:g} is the most "
            "that is used for such files"
        )
    if epsilon > HIGHEST:
        raise RefusedError(
            f"epsilon is {epsilon:g}, which protects nobody: odds could rise by a factor of e^{epsilon:g}. Choose "
            f"{HIGH:g} or less"
        )
    if epsilon < LOWEST:
        raise RefusedError(
            f"epsilon is {epsilon:g}: nothing but noise would be left of the file. Choose {LOW:g} or more; 1 protects "
            "well"
        )
    if not 0 < delta < 1:
        raise UsageError(f"delta is {delta:g}; expected a number between 0 and 1, well below one over the persons")
    if delta > 1 / persons:
        raise RefusedError(
            f"delta is {delta:g}, more than one over the {persons:,} persons of the file: publishing some of them "
            f"whole would keep such a promise. Choose at most {1 / persons**2:.0e}, one over their square"
        )
    warnings = []
    if epsilon > HIGH:
        warnings.append(f"epsilon {epsilon:g} is above {HIGH:g}: the promise is weak; the card says so")
    if epsilon < LOW:
        warnings.append(f"epsilon {epsilon:g} is very small: hardly any count will be told from noise")
    if delta > 1 / (persons * math.log(max(persons, 3))):
        warnings.append(f"delta {delta:g} is close to one over the persons; one over their square is better")
    return tuple(warnings)
