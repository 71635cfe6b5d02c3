"""Counts that lie within others although no table adds them up: a longer period, a larger area.

A table over 2019 to 2023 and one over 2019 to 2024 differ by a year that neither prints; a country and the country
without one district differ by the district. What is in the larger and not in the smaller counts persons as well.
"""

from collections.abc import Iterator, Mapping, Sequence

from palermo.release.cells import Key, position

Pair = tuple[int, tuple[int, ...]]  # a count, and counts that lie within it and share nobody
_TIME, _AREA = position("time_period"), position("ref_area")


def nested_pairs(keys: Sequence[Key], releases: Sequence[set[int]], within: Mapping[str, str]) -> list[Pair]:
    """What lies within what, across releases. Of several editions of a count, each pair of neighbours is tied."""
    alike: dict[Key, list[int]] = {}
    years: set[Key] = set()
    for number, key in enumerate(keys):
        if "/" in key[_TIME]:
            alike.setdefault(_without(key, _TIME), []).append(number)
        elif key[_TIME].isdigit():
            years.add(_without(key, _TIME))
    found = [pair for rest, numbers in alike.items() if rest not in years for pair in _periods(keys, numbers)]
    found = [pair for pair in found if not releases[pair[0]] & releases[pair[1][0]]]
    return [*found, *_areas(keys, releases, within)]


def _without(key: Key, place: int) -> Key:
    return (*key[:place], "", *key[place + 1 :])


def _periods(keys: Sequence[Key], numbers: Sequence[int]) -> Iterator[Pair]:
    """Each longer period with the next shorter one inside it."""
    spans = {number: tuple(keys[number][_TIME].split("/")) for number in numbers}
    for outer in numbers:
        inside = [
            one
            for one in numbers
            if spans[one] != spans[outer] and spans[outer][0] <= spans[one][0] and spans[one][1] <= spans[outer][1]
        ]
        yield from ((outer, (one,)) for one in inside)


def _areas(keys: Sequence[Key], releases: Sequence[set[int]], within: Mapping[str, str]) -> Iterator[Pair]:
    """An area with all areas that the releases print of those next below it."""
    below: dict[Key, dict[str, int]] = {}
    for number, key in enumerate(keys):
        below.setdefault(_without(key, _AREA), {})[key[_AREA]] = number  # the latest edition
    for areas in below.values():
        inner: dict[str, list[str]] = {}
        for area in areas:
            outer = _next_above(area, areas, within)
            if outer is not None:
                inner.setdefault(outer, []).append(area)
        for outer, names in inner.items():
            inside = tuple(areas[name] for name in sorted(names))
            if any(not releases[areas[outer]] & releases[one] for one in inside):
                yield areas[outer], inside


def _next_above(area: str, areas: Mapping[str, int], within: Mapping[str, str]) -> str | None:
    """The smallest area that holds this one and stands in the tables."""
    seen = {area}
    above = within.get(area)
    while above is not None and above not in seen:
        if above in areas:
            return above
        seen.add(above)
        above = within.get(above)
    return None
