"""Wilson's interval of a share, for the account and for the report of a simulation study alike."""

import math

from palermo.errors import PalermoError


def wilson(part: float, whole: float, z: float = 1.959963984540054) -> tuple[float, float]:
    """95 % interval of Wilson (1927) for the share ``part / whole``, as a share from 0 to 1.

    It treats the counts as a sample from what could have happened, and stays within 0 and 1.
    """
    if not 0 <= part <= whole or whole == 0:
        raise PalermoError(f"no share of {part} in {whole}: expected 0 <= part <= whole and whole > 0")
    observed = part / whole
    spread = z * math.sqrt(observed * (1 - observed) / whole + z * z / (4 * whole * whole))
    centre = observed + z * z / (2 * whole)
    scale = 1 + z * z / whole
    # Rounding must not put the share itself outside.
    return max(0.0, min(observed, (centre - spread) / scale)), min(1.0, max(observed, (centre + spread) / scale))
