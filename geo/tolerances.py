"""How far a place may be from where the data draw it, in metres.

Each figure is the 95th percentile of a measured displacement, rounded, or says that it is a
judgement. They were measured against the boundaries of the 2025 reference map and against road
lines of a routable map, in the four provinces; neither is part of this project.

Boundaries
    Displacement of the lines between base zones, from the reference map to the bundled
    tessellation: median 0.7 km, 95 % within 2.6 km; in Quảng Ninh, where islands and bays are
    in the way, 95 % within 5.6 km, which is taken where nothing was measured too. The reference
    map itself is taken as exact to 100 m, the width of its lines and the river banks they
    follow: a judgement.
Positions
    Distance of a random place in a commune from the nearest point of its old communes: median
    2.5 km, 95 % within 7.6 km. Of a random place in an old district from the mean of its
    points: median 9.9 km, 95 % within 23.9 km. A published point may be the gate or the
    middle of a park: 500 m, and a surveyed outline 20 m, both judgements.
Nodes and roads
    A node at a commune's point is as uncertain as a place in the commune; stations and gates
    with a source are 1 to 2 km off by their own notes; those from general knowledge 3 km, a
    judgement. Roads are drawn through points of the communes they pass: from the road to the
    drawn line the median is 0.9 km, 95 % within 4 km.
"""

from __future__ import annotations

import math
from typing import Final

BUNDLED_M: Final = {"nghe-an": 3_000.0, "ha-tinh": 3_000.0, "tuyen-quang": 3_000.0}
BUNDLED_ELSEWHERE_M: Final = 6_000.0
OFFICIAL_M: Final = 100.0
COAST_M: Final = 500.0
POSITION_M: Final = {
    "surveyed": 20.0,
    "drawn": 20.0,
    "point": 500.0,
    "communes": 7_600.0,
    "district": 24_000.0,
}
NODE_M: Final = {"source": 2_000.0, "knowledge": 3_000.0, "gazetteer": 7_600.0}
ROAD_M: Final = 4_000.0

# Land of an area that isn't surveyed: a rectangle of one to five reaches about twice as far
# from its middle as the disc of the same size.
STRETCH: Final = 2.0
# Taken where the total area is unknown: the legal maximum of a cluster (Nghị định
# 32/2024/NĐ-CP Điều 2), and what 95 % of the parks of the fact tables don't exceed.
UNKNOWN_TOTAL_HA: Final = {"industrial_cluster": 75.0}
UNKNOWN_PARK_HA: Final = 1_230.0


def boundary_tolerance(source: str, province: str) -> float:
    """Metres within which a line of a boundary source isn't sure; own files as the official one.

    Examples
    --------
    >>> boundary_tolerance("bundled", "nghe-an"), boundary_tolerance("bundled", "quang-ninh")
    (3000.0, 6000.0)
    """
    if source == "bundled":
        return BUNDLED_M.get(province, BUNDLED_ELSEWHERE_M)
    return OFFICIAL_M


def position_tolerance(position: str) -> float:
    """Metres within which the position of an area isn't sure, NaN where it is unknown."""
    return POSITION_M.get(position, math.nan)


def reach(kind: str, total_ha: float | None) -> float:
    """Metres that the land of an unsurveyed area may reach from its middle.

    Examples
    --------
    >>> round(reach("industrial_cluster", 75.0))
    977
    """
    if total_ha is None or math.isnan(total_ha):
        total_ha = UNKNOWN_TOTAL_HA.get(kind, UNKNOWN_PARK_HA)
    return STRETCH * math.sqrt(total_ha * 10_000.0 / math.pi)
