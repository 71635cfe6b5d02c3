"""F1 and F4: how far from home people were exploited, and the flows between countries.

The decision a reader would question: a flow is a pair of origin and destination with at least 5 people detected, as in
the field's Global Report; smaller pairs are not in the release and are not counted.
"""

from palermo.report.amounts import NOT_APPLICABLE, NOT_PUBLISHED, Amount, exact, number, shares, spoken, total
from palermo.report.figure import Figure, Measure, Row, Stub, Table
from palermo.report.figures import parts
from palermo.report.labels import joined, label
from palermo.report.marks import Bar, Bars, stack_or_bars
from palermo.report.reading import Observation, Release

BY_REACH, FLOWS, BY_CITIZENSHIP = "victims_by_reach", "flows", "victims_by_citizenship"
ORDER = ("DOM", "SUBR", "REG", "TREG")
LOOKS = dict(zip(ORDER, ("first", "second", "third", "fourth"), strict=True))
TOP = 10


def reach(release: Release, area: str, period: str) -> Figure:
    """F1: share of victims by reach of the trafficking."""
    at = parts.frame(release, "F1", BY_REACH, area, period)
    title = f"Share of detected victims, by reach of the trafficking, in {at.where_when}"
    rows = {row["reach"]: row for row in release.find(BY_REACH, at.area, at.period, reach=(*ORDER, "_U", "_N"))}
    if not any(code in rows for code in ORDER):
        return parts.missing(at, title, "The release holds no number of people by reach; origins may not be known.")
    whole = release.one(BY_REACH, at.area, at.period)
    if not whole.receipt_id:
        whole = release.one(parts.BY_SEX_AGE, at.area, at.period)
    known = total(rows[code].amount for code in ORDER if code in rows)
    outside = total([rows[code].amount for code in ("_U", "_N") if code in rows] or [exact(0)])
    share = shares({code: _amount(rows, code) for code in ORDER}, whole.amount, outside)
    quantity = parts.quantity(list(rows.values()), "PERCENT")
    bars = tuple(Bar(label("reach", code), share[code], quantity, LOOKS[code]) for code in ORDER)
    named = [(item.label, item.amount) for item in bars]
    words = parts.clauses([(f"{name[0].lower()}{name[1:]} for", amount) for name, amount in named], 0, "%")
    codes = [code for code in (*ORDER, "_U", "_N") if code in rows]
    lines = [(code, label("reach", code), rows[code].amount, share.get(code, NOT_APPLICABLE)) for code in codes]
    return Figure(
        id=at.id,
        title=title,
        subtitle="Per cent of people whose country of origin and of exploitation are known",
        note=parts.based_on(known, whole.amount),
        source=parts.source(release),
        table=parts.count_and_share("reach", "Reach", lines),
        marks=(stack_or_bars(bars),),
        alt=f"Share of people by reach. {parts.in_words(named, 0, '%')}",
        observations=(*(rows[code] for code in codes), *([whole] if whole.receipt_id else [])),
        text=(f"Where the people were exploited, seen from their origin: {words}.",) if words else (),
        made_up=release.made_up,
    )


def _amount(rows: dict[str, Observation], code: str) -> Amount:
    return rows[code].amount if code in rows else NOT_PUBLISHED


def _pairs(release: Release, area: str, period: str) -> list[Observation]:
    """The flows, largest first: of the period where there are any, else of the latest window of years."""
    windows = [name for name in release.periods(FLOWS, area) if name[-4:] <= period[-4:]] or ["_T"]
    chosen = period if period in windows else windows[-1]
    rows = [row for row in release.observations(FLOWS) if row["ref_area"] == area and row["time_period"] == chosen]
    pairs = [row for row in rows if _origin(row) not in {"_T", "_Z", "_U", "_N"} and row["counterpart_area"] != "_T"]
    return sorted(pairs, key=lambda row: (-row.amount.floor, _origin(row), row["counterpart_area"]))


def _origin(row: Observation) -> str:
    return row["citizenship"]


def flows(release: Release, area: str, period: str) -> Figure:
    """F4: number of flows, of origins and destinations, and of citizenships; the largest flows."""
    shown = release.area_for(FLOWS, area)
    pairs = _pairs(release, shown, period)
    when = pairs[0]["time_period"] if pairs else period
    at = parts.Frame(release, "F4", shown, when)
    title = f"Number of trafficking flows, by origin and destination, in {at.where_when}"
    citizenships = _citizenships(release, shown, period)
    if not pairs and not citizenships:
        return parts.missing(at, title, "The release holds no pair of origin and destination with 5 or more people.")
    counts = _counts(pairs, citizenships)
    top, most = pairs[:TOP], citizenships[:TOP]
    bars = tuple(parts.bar(_pair(release, row), row) for row in top)
    if not bars:
        bars = tuple(parts.bar(release.name_of(row["citizenship"]), row) for row in most)
    listed = parts.in_words([(item.label, item.amount) for item in bars])
    return Figure(
        id=at.id,
        title=title,
        subtitle=f"People detected in the {len(bars)} largest " + ("flows" if top else "groups by citizenship"),
        note="A flow is a pair of origin and destination with at least 5 people detected. Pairs in the release count, "
        "also those whose number is hidden.",
        source=parts.source(release),
        table=_flows_table(release, counts, top, most),
        marks=(Bars(bars),),
        alt=f"Bars, largest first. {listed}",
        observations=(*pairs, *most),
        text=_sentences(release, counts, pairs),
        made_up=release.made_up,
    )


def _flows_table(
    release: Release, counts: list[tuple[str, int]], top: list[Observation], most: list[Observation]
) -> Table:
    def row(origin: str, destination: str, amount: Amount, group: str) -> Row:
        place = (destination, _destination(release, destination)) if destination else ("", "")
        return Row(((origin, release.name_of(origin)), place), (amount,), group)

    lines = [Row((("", name), ("", "")), (exact(count),), "Counted") for name, count in counts]
    lines += [row(_origin(pair), pair["counterpart_area"], pair.amount, "Largest flows, in people") for pair in top]
    lines += [row(item["citizenship"], "", item.amount, "Citizenships with most people") for item in most]
    stubs = (Stub("origin", "Origin or citizenship"), Stub("destination", "Destination"))
    return Table(stubs, (Measure("number", "Number", ""),), tuple(lines))


def _destination(release: Release, code: str) -> str:
    return "a place not broken down" if code == "_Z" else release.name_of(code)


def _pair(release: Release, row: Observation) -> str:
    """``A to B``, or ``Within A`` where people were exploited in their own country."""
    origin, destination = release.name_of(_origin(row)), _destination(release, row["counterpart_area"])
    return f"Within {origin}" if origin == destination else f"{origin} to {destination}"


def _citizenships(release: Release, area: str, period: str) -> list[Observation]:
    year = release.period_for(BY_CITIZENSHIP, area, period) or period
    rows = release.find(BY_CITIZENSHIP, area, year, citizenship="*")
    known = [row for row in rows if row["citizenship"] not in parts.UNKNOWN]
    return sorted(known, key=lambda row: (-row.amount.floor, row["citizenship"]))


def _counts(pairs: list[Observation], citizenships: list[Observation]) -> list[tuple[str, int]]:
    """What is counted: pairs and areas in the release; a citizenship counts if at least one person has it."""
    origins = {_origin(row) for row in pairs}
    destinations = {row["counterpart_area"] for row in pairs}
    present = [row for row in citizenships if row.amount.floor > 0]
    named = [("Flows", len(pairs)), ("Origins", len(origins)), ("Destinations", len(destinations))]
    return [item for item in [*named, ("Citizenships surely detected", len(present))] if item[1]]


def _sentences(release: Release, counts: list[tuple[str, int]], top: list[Observation]) -> tuple[str, ...]:
    told = [f"The release holds {joined([f'{number(count)} {name.lower()}' for name, count in counts])}."]
    if top and top[0].amount.is_known and all(row.amount.ceiling <= top[0].amount.floor for row in top[1:]):
        pair = _pair(release, top[0])
        told.append(f"The largest flow was {pair[0].lower() if pair.startswith('Within') else 'from ' + pair[0]}"
                    f"{pair[1:]}, with {spoken(top[0].amount)} people.")  # fmt: skip
    return (" ".join(told),)
