"""The Equal Earth projection, and shapes made ready for it: cut at 180 degrees, simplified to what can be seen.

The projection shows areas in their true proportion (Savric, Patterson and Jenny, 2018, with their polynomial). The
decision a reader would question: small States are not left to simplification, they become dots elsewhere.
"""

from collections.abc import Sequence
from math import asin, cos, hypot, radians, sin, sqrt

Point = tuple[float, float]
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796
HALF_WIDTH = 2.7066297  # x at 180 degrees of longitude on the equator
HALF_HEIGHT = 1.3173628  # y at the pole
EDGE = 180.0
STEP = 5.0  # degrees of latitude between points that are set along the edge of the map


def project(longitude: float, latitude: float) -> Point:
    """Place on the plane, x to the east and y to the north, for degrees."""
    theta = asin(sqrt(3) / 2 * sin(radians(latitude)))
    squared = theta * theta
    sixth = squared * squared * squared
    slope = A1 + 3 * A2 * squared + sixth * (7 * A3 + 9 * A4 * squared)
    x = 2 * sqrt(3) * radians(longitude) * cos(theta) / (3 * slope)
    y = theta * (A1 + A2 * squared + sixth * (A3 + A4 * squared))
    return x, y


def cut(ring: Sequence[Point]) -> list[list[Point]]:
    """The ring in pieces that lie between 180 degrees west and east. A ring around a pole is led along the pole."""
    unrolled = _unrolled(ring)
    west, east = min(x for x, _y in unrolled), max(x for x, _y in unrolled)
    if west >= -EDGE and east <= EDGE:
        return [unrolled]
    pieces = []
    for turn in (-360.0, 0.0, 360.0):
        moved = [(x + turn, y) for x, y in unrolled]
        piece = _clipped(_clipped(moved, -EDGE, 1.0), EDGE, -1.0)
        if len(piece) > 2:
            pieces.append(piece)
    return pieces


def _unrolled(ring: Sequence[Point]) -> list[Point]:
    """Longitudes that run on past 180 degrees instead of jumping to the other side of the map."""
    turn, before = 0.0, ring[0][0]
    points = []
    for x, y in ring:
        if abs(x - before) > EDGE:
            turn += 360.0 if x < before else -360.0
        before = x
        points.append((x + turn, y))
    if abs(points[-1][0] - points[0][0]) > EDGE:
        pole = 90.0 if sum(y for _x, y in points) > 0 else -90.0
        points += [(points[-1][0], pole), (points[0][0], pole)]
    return points


def _clipped(ring: Sequence[Point], edge: float, side: float) -> list[Point]:
    """The part of a ring on one side of a meridian (Sutherland and Hodgman): east of it where ``side`` is 1."""
    made: list[Point] = []
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], *ring[:1]], strict=True):
        inside, next_inside = side * (x1 - edge) >= 0, side * (x2 - edge) >= 0
        if inside:
            made.append((x1, y1))
        if inside != next_inside:
            made.append((edge, y1 + (y2 - y1) * (edge - x1) / (x2 - x1)))
    return made


def simplified(points: Sequence[Point], tolerance: float) -> list[Point]:
    """The points without those nearer than ``tolerance`` to the line of their neighbours (Douglas and Peucker)."""
    if len(points) < 3:
        return list(points)
    keep = {0, len(points) - 1}
    spans = [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        farthest, most = first, tolerance
        for place in range(first + 1, last):
            away = _distance(points[place], points[first], points[last])
            if away > most:
                farthest, most = place, away
        if farthest != first:
            keep.add(farthest)
            spans += [(first, farthest), (farthest, last)]
    return [points[place] for place in sorted(keep)]


def _distance(point: Point, first: Point, last: Point) -> float:
    (x, y), (x1, y1), (x2, y2) = point, first, last
    length = hypot(x2 - x1, y2 - y1)
    if length == 0:
        return hypot(x - x1, y - y1)
    return abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length
