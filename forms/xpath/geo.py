"""ODK's functions on places of the earth (ODK XForms, "Geographic functions")."""

from __future__ import annotations

import math
import re
from itertools import pairwise

from forms.xpath.functions import Library, each_text
from forms.xpath.lexer import BadExpression
from forms.xpath.scope import Scope
from forms.xpath.values import Value

GEO = Library()
_EARTH_RADIUS = 6_378_100  # metres at the equator, as ODK takes it
Point = tuple[float, float]  # latitude, longitude in radians
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")


def point_of(text: str) -> Point | None:
    """`latitude longitude [altitude [accuracy]]` in degrees; None for what is no point."""
    parts = text.split()
    if not 2 <= len(parts) <= 4 or not all(_NUMBER.fullmatch(part) for part in parts):
        return None
    latitude, longitude = float(parts[0]), float(parts[1])
    if abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return math.radians(latitude), math.radians(longitude)


def _texts(values: tuple[Value, ...]) -> list[str]:
    return [text.strip().rstrip("; ") for value in values for text in each_text(value) if text.strip()]


def _pieces(texts: list[str]) -> list[Point | None]:
    return [point_of(piece) for text in texts for piece in text.split(";")]


def _rounded(metres: float) -> float:
    return math.floor(abs(metres) * 100 + 0.5) / 100


@GEO.add("distance", 1, None)
def _distance(_scope: Scope, *values: Value) -> float:
    """Metres along the points; several arguments have to be one point each.

    Raises:
        BadExpression: one of them is no point.
    """
    texts = _texts(values)
    points = [point_of(text) for text in texts] if len(texts) > 1 else _pieces(texts)
    known = [point for point in points if point is not None]
    if len(known) < len(points):
        raise BadExpression("distance() needs points")
    return _rounded(sum(_between(one, other) for one, other in pairwise(known)))


def _between(one: Point, other: Point) -> float:
    """Along the great circle."""
    cosine = math.sin(one[0]) * math.sin(other[0]) + math.cos(one[0]) * math.cos(other[0]) * math.cos(one[1] - other[1])
    return math.acos(min(1.0, max(-1.0, cosine))) * _EARTH_RADIUS


@GEO.add("area", 1)
def _area(_scope: Scope, *values: Value) -> float:
    """Square metres within the points; 0 where they enclose nothing or one is none."""
    points = [point for point in _pieces(_texts(values)) if point is not None]
    if len(points) < len(_pieces(_texts(values))) or len(points) < 3:
        return 0.0
    total = 0.0
    for one, other in pairwise([*points, points[0]]):
        total += (other[1] - one[1]) * (2 + math.sin(one[0]) + math.sin(other[0]))
    return _rounded(total * _EARTH_RADIUS * _EARTH_RADIUS / 2)


@GEO.add("geofence", 2)
def _geofence(_scope: Scope, point: Value, shape: Value) -> bool:
    """Whether a point lies within a closed line of points, by the crossings of a ray (W. R. Franklin, "PNPOLY").

    False where one of them is none, or the line does not end where it began.
    """
    here, line = _pieces(_texts((point,))), _pieces(_texts((shape,)))
    corners = [corner for corner in line if corner is not None]
    if len(here) != 1 or here[0] is None or len(corners) < max(2, len(line)) or corners[0] != corners[-1]:
        return False
    return sum(_crosses(here[0], one, other) for one, other in pairwise(corners)) % 2 == 1


def _crosses(point: Point, one: Point, other: Point) -> bool:
    """Whether a ray to the east meets the line between two corners."""
    (latitude, longitude), (south, west), (north, east) = point, one, other
    if (south > latitude) == (north > latitude):
        return False
    return longitude < (east - west) * (latitude - south) / (north - south) + west
