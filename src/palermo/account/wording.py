"""A receipt in words that need no knowledge of programming.

The decision a reader would question: a hidden figure is explained like any other, because where it comes from is no
secret; only its value is.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from palermo.codes import areas, code_list
from palermo.errors import UsageError

HEADINGS = {
    "ref_area": ("Place", "area"),
    "time_period": ("Time", None),
    "sex": ("Sex", "sex"),
    "age": ("Age", "age"),
    "form": ("Form of exploitation", "form"),
    "citizenship": ("Citizenship or origin", "area"),
    "counterpart_area": ("Other country", "area"),
    "reach": ("Reach", "reach"),
    "list": ("List", None),
    "band": ("Band", "age"),
}
BANDS = {
    "PANEL": "the same areas in every year",
    "POOLED": "all areas together",
    "MEDIAN": "the median of the areas",
}
SPECIAL = {"_U": "not known", "_N": "not asked", "STATELESS": "stateless"}
ALL_YEARS = "all years of the account"
RULES = {
    ("forms", "each"): "a person counts under each form of exploitation, so that forms add up to the total or more",
    ("forms", "mixed"): "a person with several forms of exploitation counts once, under several forms",
    ("age_in_doubt", "unknown"): "a person whose age is in doubt is neither child nor adult",
    ("age_in_doubt", "child"): "a person whose age is in doubt counts as a child",
}
FREE = (None, "F")  # conf_status; every other one is hidden
NOT_RUN = "not_run"
REFUSED = "not given: no number may be told here, which is not zero"
HIDDEN = "hidden, because it is small and could point to a person, or because a small figure would follow from it"


def describe(receipt: Mapping[str, Any]) -> str:
    """The receipt as a short text."""
    return "\n".join(_lines(receipt))


def _lines(receipt: Mapping[str, Any]) -> Iterator[str]:
    definition, figure = receipt["definition"], receipt["figure"]
    yield f"Receipt {receipt['receipt']}"
    yield f"{definition['title']} (definition {definition['id']}, version {definition['version']})"
    yield ""
    yield f"The figure is {_amount(figure)}."
    for dimension, code in receipt["codes"].items():
        if code != "_Z" and (code != "_T" or dimension == "time_period"):
            own = receipt["area_name"] if dimension == "ref_area" and code == receipt["area"] else None
            yield f"  {HEADINGS[dimension][0]}: {f'{own} ({code})' if own else _label(dimension, code)}"
    yield ""
    yield f"What counts: {definition['words']}"
    yield f"Where the definition is from: {definition['source']}."
    if definition["minimum"]:
        yield f"Figures under {definition['minimum']} are left out."
    if baseline := definition["settings"].get("baseline"):
        yield f"To compare: {baseline}."
    if population := receipt["population"]:
        yield from _population(population, receipt["codes"])
    if estimate := receipt.get("estimate"):
        yield from _estimate(estimate)
    yield from _rules(receipt["rules"])
    yield ""
    yield "Counted from:" if receipt["inputs"] else "No list is named."
    yield from (f"  {_input(entry)}" for entry in receipt["inputs"])
    if rows := receipt["counts"].get("rows"):
        yield f"  Rows counted for this table: {rows:,}"
    yield f"Counted by Palermo {receipt['code_version']}."


def _population(population: Mapping[str, Any], codes: Mapping[str, str]) -> Iterator[str]:
    yield f"Population: {population['words']} File {population['file']}, SHA-256 {population['sha256'][:12]}..."
    persons = population.get("persons", {}).get(
        " ".join(codes[name] for name in ("ref_area", "time_period", "sex", "age"))
    )
    if persons is not None:
        yield f"Population of this group: {persons:,.0f}."


def _estimate(estimate: Mapping[str, Any]) -> Iterator[str]:
    if estimate["lists"]:
        yield f"Lists compared: {', '.join(estimate['lists'])}."
    if estimate.get("estimator", NOT_RUN) != NOT_RUN:
        yield (
            f"Method: {estimate['estimator']}; interval {estimate['level']:.0%}; "
            f"{estimate['estimators'] or 0} answers with an interval stand in the range over methods."
        )
    yield f"Verdict: {estimate.get('verdict', 'refused')}."
    yield from (f"  {reason[:1].upper()}{reason[1:]}." for reason in estimate.get("reasons", ()))


def _rules(rules: Mapping[str, Any]) -> Iterator[str]:
    told = [words for (rule, choice), words in RULES.items() if rules.get(rule) == choice]
    if told:
        yield f"Rules of this account: {'; '.join(told)}."


def _amount(figure: Mapping[str, Any]) -> str:
    unit = code_list("unit")[figure["unit"]].label.lower()
    if figure.get("conf_status") not in FREE:
        return f"{HIDDEN}. Readers can know only that it lies {_between(figure)} ({unit})"
    if figure.get("obs_status") == "O":
        return f"{REFUSED} ({unit})"
    if figure["value"] is None:
        return f"known only to lie {_between(figure)} ({unit})"
    if figure["lower"] not in {None, figure["value"]}:
        return f"{_number(figure['value'])} ({unit}), with an interval {_between(figure)}"
    return f"{_number(figure['value'])} ({unit})"


def _between(figure: Mapping[str, Any]) -> str:
    lower, upper = figure["lower"], figure["upper"]
    if lower is None and upper is None:
        return "somewhere; no bounds are known"
    return f"from {'?' if lower is None else _number(lower)} to {'?' if upper is None else _number(upper)}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,.4g}"


def _label(dimension: str, code: str) -> str:
    if dimension == "time_period":
        return ALL_YEARS if code == "_T" else SPECIAL.get(code, code.replace("/", " to "))
    if code in SPECIAL or code in BANDS:
        return SPECIAL.get(code) or BANDS[code]
    list_id = HEADINGS[dimension][1]
    if list_id == "area":
        return f"{areas.name(code)} ({code})" if areas.is_area(code) else code
    for known in (list_id, "conviction_band") if dimension == "band" else (list_id,):
        if known is None:
            return code
        try:
            return code_list(known)[code].label
        except UsageError:
            continue
    return code


def _input(entry: Mapping[str, Any]) -> str:
    shape = f"shape {entry['adapter']}, " if entry.get("adapter") else ""
    text = f"list {entry['list']}: file {entry['file']} ({shape}SHA-256 {entry['sha256'][:12]}...)"
    counts = entry.get("counts")
    if counts:
        text += (
            f", rows read {counts['read']:,} = accepted {counts['accepted']:,} + quarantined {counts['quarantined']:,}"
        )
    return text
