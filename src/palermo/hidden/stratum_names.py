"""Names of strata: ``_T`` for everyone, else ``sex=F, age=Y0T17``, as they stand in JSON and in the estimate table.

The decision a reader would question: a value that itself holds a comma, an equals sign or a per cent sign has these
written as in web addresses (``%2C``), so that every name can be taken apart again. An unknown value is ``_U``.
"""

from collections.abc import Iterable
from urllib.parse import unquote

from palermo.errors import UsageError

WHOLE = "_T"
UNKNOWN = "_U"
_ESCAPED = str.maketrans({"%": "%25", ",": "%2C", "=": "%3D"})


def stratum_name(pairs: Iterable[tuple[str, str | None]]) -> str:
    """The name of the stratum in which each covariate has its value; ``_T`` where none is named."""
    named = [f"{name.translate(_ESCAPED)}={(value or UNKNOWN).translate(_ESCAPED)}" for name, value in pairs]
    return ", ".join(named) or WHOLE


def stratum_values(name: str) -> dict[str, str]:
    """The covariates of a stratum with their values; empty for everyone."""
    if name == WHOLE:
        return {}
    pairs = [part.split("=") for part in name.split(", ")]
    if any(len(pair) != 2 for pair in pairs):
        raise UsageError(f"found {name!r}, expected a stratum such as sex=F, age=Y0T17 or {WHOLE}")
    return {unquote(covariate): unquote(value) for covariate, value in pairs}
