"""The settings of a definition for readers: names in words, codes as codes.

The decision a reader would question: codes (``VC_HTF_DETVSX``, ``forced_labour``, ``Y0T8``) are not put into words
here, because whoever reads settings wants to find the very same ones in the data; the code lists explain them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from palermo.language import _, marked, number
from palermo.report.page.markup import filled, quoted

NAMES = {
    "window": marked("years of each mean"),
    "panel_years": marked("years in which the same areas must have figures"),
    "baseline": marked("comparison"),
    "baseline_lower": marked("lower end of the comparison, in per cent"),
    "baseline_upper": marked("upper end of the comparison, in per cent"),
    "lag": marked("years after the contact with police"),
    "series": marked("series by form"),
    "groups": marked("forms in a group"),
    "bands": marked("age bands"),
    "methods": marked("methods"),
}


def settings_told(settings: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(name, value) of every setting, in the order of their keys; one that has no name here keeps its key."""
    for key in sorted(settings):
        name = _(NAMES[key]) if key in NAMES else quoted(key)
        value = settings[key]
        if isinstance(value, Mapping):
            for code in sorted(value):
                yield filled(_("{setting} ({code})"), setting=name, code=quoted(code)), _value(value[code])
        else:
            yield name, _value(value)


def _value(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        text = ", ".join(str(item) for item in value) if isinstance(value, list | tuple) else str(value)
        told = _(text)
        return quoted(text) if told == text else told
    return number(value, 0 if value == int(value) else 2)
