"""The application with a register of made-up plots.

Run as a module: how many, of which area ("all" for every one that has a point), then options.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any
from unittest import mock

from streamlit.web.cli import main

from geo.snapshot import load_province, with_facts
from layers import store
from tests.test_geo.parcels import with_parcels

if TYPE_CHECKING:
    from geo.snapshot import Province


def with_register(province: Province, count: int, area_id: str = "all") -> Province:
    """Give a province with `count` plots in one area, or in all that have a point together."""
    return with_facts(province, with_parcels(province.facts, count, placed(province, area_id)))


def placed(province: Province, area_id: str = "all") -> list[tuple[str, float, float]]:
    """Give the areas that have a point, or one of them, with longitude and latitude."""
    areas = province.areas if area_id == "all" else province.areas.loc[[area_id]]
    there = areas[areas.geometry.notna()].sort_index()
    points = zip(there.index, there.geometry.x, there.geometry.y, strict=True)
    return [(str(key), lon, lat) for key, lon, lat in points]


if __name__ == "__main__":
    number, where = int(sys.argv.pop(1)), sys.argv.pop(1)

    def load(key: str, **options: Any) -> Province:  # noqa: ANN401
        return with_register(load_province(key, **options), number, where)

    # `store` is imported once a process, so the pages use what stands in its name here.
    mock.patch.object(store, "load_province", load).start()
    main(["run", "app.py", *sys.argv[1:]])
