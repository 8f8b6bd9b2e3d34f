"""Signs at their borders."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest

from data.vocabulary import KINDS, ROAD_CLASSES, STATUSES, ZONE_GROUPS
from layers import style

NAN = math.nan


def zone(**fields: float) -> dict[str, float]:
    unknown = {
        "areas_count": 3,
        "fill_rate_pct": NAN,
        "fill_rate_min_pct": NAN,
        "fill_rate_max_pct": NAN,
        "coverage_land_pct": NAN,
        "reported_min_pct": NAN,
        "reported_max_pct": NAN,
    }
    return unknown | fields


@pytest.mark.parametrize(
    ("rate", "expected"),
    [
        (0.0, 0),
        (19.999, 0),
        (20.0, 1),
        (39.999, 1),
        (40.0, 2),
        (60.0, 3),
        (79.999, 3),
        (80.0, 4),
        (100.0, 4),
        (100.0000001, 4),
        (-1e-9, 0),
        (NAN, None),
        (math.inf, None),
    ],
)
def test_rate_class(rate: float, expected: int | None) -> None:
    assert style.rate_class(rate) == expected


def test_unknown_is_never_the_colour_of_zero() -> None:
    unknown = style.zone_sign(zone())
    zero = style.zone_sign(
        zone(fill_rate_pct=0, fill_rate_min_pct=0, fill_rate_max_pct=0, coverage_land_pct=100),
    )
    assert unknown["fill"] not in style.RAMP
    assert unknown["stripe"]
    assert zero == {"fill": style.RAMP[0], "stripe": "", "wide": False, "opacity": style.OPACITY}


def test_a_zone_without_areas_is_empty_and_not_unknown() -> None:
    assert style.zone_sign(zone(areas_count=0)) == style.empty_sign()


@pytest.mark.parametrize(
    ("fields", "hatched"),
    [
        ({"coverage_land_pct": 100, "fill_rate_min_pct": 70, "fill_rate_max_pct": 75}, False),
        ({"coverage_land_pct": 50, "fill_rate_min_pct": 50, "fill_rate_max_pct": 100}, False),
        ({"coverage_land_pct": 49.9, "fill_rate_min_pct": 70, "fill_rate_max_pct": 75}, True),
        ({"coverage_land_pct": 100, "fill_rate_min_pct": 0, "fill_rate_max_pct": 100}, True),
        ({"coverage_land_pct": 100}, True),
        ({"fill_rate_min_pct": 70, "fill_rate_max_pct": 75}, True),
    ],
)
def test_partly_known_is_hatched_in_its_class(fields: dict[str, float], hatched: bool) -> None:  # noqa: FBT001
    sign = style.zone_sign(zone(fill_rate_pct=72, **fields))
    assert sign["fill"] == style.RAMP[3]
    assert bool(sign["stripe"]) is hatched


@pytest.mark.parametrize(
    ("low", "high", "fill", "stripe"),
    [
        (100, 100, style.RAMP[4], style.REPORTED_STRIPE),
        (30, 90, style.RAMP[1], style.RAMP[4]),
        (0, 100, style.UNKNOWN_FILL, style.UNKNOWN_STRIPE),
        (0, 99, style.RAMP[0], style.RAMP[4]),
        (NAN, NAN, style.UNKNOWN_FILL, style.UNKNOWN_STRIPE),
    ],
)
def test_reported_only(low: float, high: float, fill: str, stripe: str) -> None:
    sign = style.zone_sign(zone(reported_min_pct=low, reported_max_pct=high))
    assert (sign["fill"], sign["stripe"]) == (fill, stripe)


@pytest.mark.parametrize("share", [0.0, 35.0, 100.0])
def test_reported_only_never_looks_as_certain_as_known(share: float) -> None:
    reported = style.zone_sign(zone(reported_min_pct=share, reported_max_pct=share))
    for covered in (10.0, 100.0):
        known = style.zone_sign(
            zone(
                fill_rate_pct=share,
                fill_rate_min_pct=share,
                fill_rate_max_pct=share,
                coverage_land_pct=covered,
            ),
        )
        assert reported["fill"] == known["fill"]
        assert reported["opacity"] < 0.6 * known["opacity"]
        assert reported["stripe"] != known["stripe"]


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_ramp_darkens_from_class_to_class() -> None:
    values = [luminance(colour) for colour in style.RAMP]
    assert all(a > 1.3 * b for a, b in pairwise(values))


@pytest.mark.parametrize("kind", KINDS)
def test_areas_differ_by_shape_and_filling(kind: str) -> None:
    shapes = {style.area_sign(kind, status)["filling"] for status in (*STATUSES, "unknown")}
    assert shapes == ({"none"} if kind == "economic_zone" else {"full", "half", "none"})
    assert style.area_sign("industrial_park", "operating")["colour"] == "#faaaa0"
    assert style.area_sign("industrial_cluster", "operating")["shape"] == "disc"


def test_planned_and_established_are_hollow_and_differ() -> None:
    planned = style.area_sign("industrial_park", "planned")
    established = style.area_sign("industrial_park", "established")
    unknown = style.area_sign("industrial_park", "unknown")
    assert {planned["filling"], established["filling"], unknown["filling"]} == {"none"}
    assert len({planned["dash"], established["dash"], unknown["dash"]}) == 3


def test_every_group_and_road_class_has_a_line() -> None:
    assert set(style.OUTLINES) == set(ZONE_GROUPS)
    for road_class in ROAD_CLASSES:
        assert "dashArray" not in style.road_style(road_class, "in_use")
        assert "dashArray" in style.road_style(road_class, "planned")
