"""Signs of the printed map, in millimetres: fills with hatches, symbols of areas and nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from matplotlib.colors import to_rgba
from matplotlib.patches import PathPatch, Polygon
from matplotlib.path import Path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from layers.style import AreaSign, ZoneSign

    Points = NDArray[np.float64]

_TURNS: Final = np.linspace(0.0, 2.0 * np.pi, 33)
# 16 by 16 like the signs on the screen, the y axis upwards; None lifts the pen.
NODES: Final[dict[str, tuple[tuple[tuple[float, float], ...], ...]]] = {
    "seaport": (
        ((8, 11), (8, 2)),
        ((4.5, 8.5), (11.5, 8.5)),
        ((2.5, 6), (4, 3), (8, 2), (12, 3), (13.5, 6)),
        ((8, 13.5), (6.8, 12.2), (8, 11), (9.2, 12.2), (8, 13.5)),
    ),
    "inland_port": (
        ((2, 11), (14, 11), (14, 3), (2, 3), (2, 11)),
        ((6, 11), (6, 3)),
        ((10, 11), (10, 3)),
    ),
    "airport": (((8, 14), (8, 2)), ((14, 6.5), (8, 10), (2, 6.5)), ((11, 1.5), (8, 4), (5, 1.5))),
    "railway_station": (
        ((4, 13.5), (12, 13.5), (12, 5.5), (4, 5.5), (4, 13.5)),
        ((4, 9.5), (12, 9.5)),
        ((5, 2.5), (6.5, 5.5)),
        ((11, 2.5), (9.5, 5.5)),
    ),
    "border_gate": (((2.5, 2), (2.5, 12), (13.5, 12), (13.5, 2)), ((2.5, 9), (13.5, 9))),
    "expressway_interchange": (
        ((2, 4), (5, 5), (7, 11), (10, 12), (14, 12)),
        ((2, 12), (5, 11), (7, 5), (10, 4), (14, 4)),
    ),
    "power_substation_220_500": (
        ((9, 14.5), (4, 7), (7.5, 7), (6.5, 1.5), (12, 9.5), (8.5, 9.5), (9, 14.5)),
    ),
}


def outline_path(shape: BaseGeometry) -> Path | None:
    """Make a path of polygons with their holes; None of nothing."""
    rings: list[Path] = []
    for part in shapely.get_parts(shape):
        if part.geom_type != "Polygon" or part.is_empty:
            continue
        turned = shapely.orient_polygons(part)
        rings += [
            Path(np.asarray(ring.coords)[:, :2], closed=True)
            for ring in (turned.exterior, *turned.interiors)
        ]
    return Path.make_compound_path(*rings) if rings else None


def fill_patch(path: Path, sign: ZoneSign, **how: Any) -> PathPatch:  # noqa: ANN401
    """Fill a path as a zone is on the screen: a ground, and stripes where not all is known."""
    patch = PathPatch(path, facecolor=to_rgba(sign["fill"], sign["opacity"]), **how)
    if sign["stripe"]:
        patch.set_hatch("///" if sign["wide"] else "////")
        patch.set_hatchcolor(to_rgba(sign["stripe"], sign["opacity"]))
        patch.set_hatch_linewidth(2.6 if sign["wide"] else 0.7)
    return patch


def shape_points(shape: str, x: float, y: float, radius: float) -> Points:
    """Give the corners of a symbol."""
    if shape == "disc":
        return np.column_stack([x + radius * np.cos(_TURNS), y + radius * np.sin(_TURNS)])
    corners = {
        "square": ((-1, -1), (1, -1), (1, 1), (-1, 1)),
        "diamond": ((0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)),
    }[shape]
    return np.array([(x + radius * dx, y + radius * dy) for dx, dy in corners])


def draw_symbol(axes: Axes, sign: AreaSign, x: float, y: float, radius: float) -> None:
    """Draw the symbol of an area: filled, half filled or hollow, with its edge."""
    outline = shape_points(sign["shape"], x, y, radius)
    ground = sign["colour"] if sign["filling"] == "full" else "white"
    axes.add_patch(Polygon(outline, closed=True, facecolor=ground, edgecolor="none", zorder=6))
    if sign["filling"] == "half":
        left = shapely.Polygon(outline).intersection(
            shapely.box(x - 2 * radius, y - 2 * radius, x, y + 2 * radius),
        )
        points = np.asarray(left.exterior.coords) if isinstance(left, shapely.Polygon) else outline
        axes.add_patch(Polygon(points, facecolor=sign["colour"], edgecolor="none", zorder=6))
    axes.add_patch(
        Polygon(
            outline,
            closed=True,
            fill=False,
            edgecolor=sign["edge"],
            linewidth=0.8,
            linestyle=dashes(sign["dash"]),
            zorder=6,
        ),
    )


def dashes(pattern: object) -> Any:  # noqa: ANN401 (what Matplotlib calls a line style)
    """Turn the dashes of SVG into those of Matplotlib."""
    lengths = tuple(0.6 * float(part) for part in str(pattern or "").split())
    return (0.0, lengths) if lengths else "-"


def draw_node(axes: Axes, kind: str, x: float, y: float, *, planned: bool, radius: float) -> None:
    """Draw the sign of a port, airport, station, gate, interchange or substation."""
    axes.add_patch(
        Polygon(
            shape_points("disc", x, y, radius),
            facecolor="white",
            edgecolor="#46525e",
            linewidth=0.5,
            linestyle=(0, (1.5, 1.5)) if planned else "-",
            zorder=4,
        ),
    )
    for stroke in NODES.get(kind, (((4, 8), (12, 8)), ((8, 4), (8, 12)))):
        xs, ys = zip(*stroke, strict=True)
        axes.plot(
            x + (np.asarray(xs) - 8.0) * radius / 9.5,
            y + (np.asarray(ys) - 8.0) * radius / 9.5,
            color="#2a333c",
            linewidth=0.6,
            zorder=4,
        )


def spread(places: Points, radii: Sequence[float], reach: float) -> Points:
    """Move symbols apart that would lie on each other, none by more than a reach.

    Examples
    --------
    >>> moved = spread(np.zeros((2, 2)), [1.0, 1.0], 5.0)
    >>> bool(np.hypot(*(moved[0] - moved[1])) >= 1.8)
    True
    """
    # Where several share a place each starts in a direction of its own.
    turns = np.arange(len(places)) * 2.4
    at = places + 0.05 * np.column_stack([np.cos(turns), np.sin(turns)])
    for _ in range(60):
        moved = False
        for i in range(len(at)):
            for j in range(i + 1, len(at)):
                gap = at[j] - at[i]
                far = float(np.hypot(*gap)) or 1e-6
                near = 0.95 * (radii[i] + radii[j])
                if far < near:
                    push = gap * ((near - far) / far / 2.0)
                    at[i] -= push
                    at[j] += push
                    moved = True
        way = at - places
        far_off = np.hypot(way[:, 0], way[:, 1])
        too_far = far_off > reach
        at[too_far] = places[too_far] + way[too_far] * (reach / far_off[too_far])[:, None]
        if not moved:
            break
    return at
