"""Shapes of countries from a user's own GeoJSON or TopoJSON file, by their code.

The decision a reader would question: no geometry comes with Palermo, because every border on a map is a claim. The file
is the user's; a shape whose code we do not know, such as a disputed area, is drawn as land without any figure.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from palermo.codes import areas
from palermo.errors import UsageError

Point = tuple[float, float]  # degrees of longitude and latitude
Ring = tuple[Point, ...]
NAMED = ("ISO3166-1-Alpha-3", "iso_a3", "ISO_A3", "ADM0_A3", "iso3", "ISO3", "iso3_code", "ISO3CD", "name", "NAME")
POLYGONS = {"Polygon", "MultiPolygon"}


@dataclass(frozen=True)
class Shape:
    """A country or area with its rings, outer and inner alike; ``code`` is empty where we know none."""

    code: str
    rings: tuple[Ring, ...]


def read_geometry(path: Path) -> tuple[Shape, ...]:
    """The shapes of a file. Raises ``UsageError`` where it is neither GeoJSON nor TopoJSON with polygons."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UsageError(
            f"{path}: found no such file, expected GeoJSON or TopoJSON with the shapes of countries"
        ) from None
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: found no JSON ({error}), expected GeoJSON or TopoJSON") from None
    kind = document.get("type") if isinstance(document, Mapping) else None
    if kind not in {"Topology", "FeatureCollection"}:
        raise UsageError(
            f"{path}: found type {kind!r}, expected a FeatureCollection (GeoJSON) or a Topology (TopoJSON)"
        )
    try:
        made = tuple(_from_topology(document) if kind == "Topology" else _from_features(document))
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise UsageError(
            f"{path}: the {kind} cannot be read ({error!r}); check the file with the program that made it"
        ) from None
    if not any(shape.code for shape in made):
        raise UsageError(f"{path}: found no shape with the code of a country, expected an id (M49 number) or one "
                         f"of the properties {', '.join(NAMED)}")  # fmt: skip
    return made


def _from_features(document: Mapping[str, Any]) -> Iterator[Shape]:
    for feature in document["features"]:
        geometry = feature.get("geometry") or {}
        if geometry.get("type") in POLYGONS:
            polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
            rings = tuple(tuple((float(x), float(y)) for x, y, *_z in ring) for polygon in polygons for ring in polygon)
            yield Shape(_code(feature), rings)


def _from_topology(document: Mapping[str, Any]) -> Iterator[Shape]:
    """The object that holds most polygons; arcs are delta-coded where the file has a transform."""
    arcs = _arcs(document)
    collections = [item["geometries"] for item in document["objects"].values() if "geometries" in item]
    most: list[Mapping[str, Any]] = max(
        collections, key=lambda found: sum(shape.get("type") in POLYGONS for shape in found), default=[]
    )
    for geometry in most:
        if geometry.get("type") in POLYGONS:
            polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
            yield Shape(_code(geometry), tuple(_joined(ring, arcs) for polygon in polygons for ring in polygon))


def _arcs(document: Mapping[str, Any]) -> list[list[Point]]:
    transform = document.get("transform")
    if transform is None:
        return [[(float(x), float(y)) for x, y, *_z in arc] for arc in document["arcs"]]
    (sx, sy), (tx, ty) = transform["scale"], transform["translate"]
    made = []
    for arc in document["arcs"]:
        x, y, points = 0, 0, []
        for dx, dy, *_z in arc:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        made.append(points)
    return made


def _joined(ring: list[int], arcs: list[list[Point]]) -> Ring:
    """The arcs of a ring one after the other; a negative number is the arc turned around."""
    points: list[Point] = []
    for number in ring:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += arc[1:] if points else arc
    return tuple(points)


def _code(feature: Mapping[str, Any]) -> str:
    """The code by the feature's id (M49 number or alpha-3), else by a property; empty where none is known."""
    properties = feature.get("properties") or {}
    given = [str(feature.get("id", ""))] + [str(properties.get(name, "")) for name in NAMED]
    for text in given:
        found = _from_number(text) if text.isdigit() else areas.match(text)
        if found:
            return found
    return ""


def _from_number(text: str) -> str | None:
    try:
        return areas.from_m49(text.zfill(3))
    except UsageError:
        return None
