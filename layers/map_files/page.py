"""The map as one file to send: it opens in any browser, from a disk, without internet.

Leaflet and our own scripts stand in the file, and the values as JSON. A policy in its head lets
only these scripts run and nothing be loaded, so that a hostile name is a text and no more.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.resources
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from data.dates import printed_date
from geo.records import figures_by_area
from layers._records import records, status_of
from layers.account import (
    available_text,
    coverage_text,
    dates_text,
    rate_text,
    reasons_text,
    zone_marks,
)
from layers.map_files.content import map_content, map_title, subtitle
from layers.numbers import exact
from layers.safe_html import Html, element, script_json
from layers.scenarios.text import FIELD
from layers.sources import source_name
from layers.words import BASIS_CODE, GROUP, HOW, KIND, NATURE, POSITION, STATUS, UNIT, words

if TYPE_CHECKING:
    from collections.abc import Collection

    from data._message import Lang
    from geo.snapshot import Province, Snapshot
    from layers.words import Words

_WEB: Final = Path(__file__).resolve().parents[1] / "web"
_SCRIPTS: Final = ("draw.js", "atlas.js", "map_page.js")
_STYLES: Final = ("atlas.css", "map_page.css")
_AROUND_DEG: Final = 0.06


def map_html(
    province: Province,
    state: Snapshot,
    *,
    lang: Lang,
    shown: Collection[str] | None = None,
    chosen: tuple[str, str] = ("", ""),
) -> str:
    """Write the map of a province as one self-contained HTML page.

    Parameters
    ----------
    province, state
        Of one province; the snapshot says the date.
    lang
        "vi" or "en".
    shown
        Ids of the areas that pass the filters of a view; all where None.
    chosen
        ("zone", key) or ("area", id) that is selected when the page opens.

    Returns
    -------
    str
        UTF-8 text, the same for the same data.
    """
    w = words(lang)
    _, base, account = map_content(province, state, w, shown=shown, chosen=chosen)
    account["stamp"] = hashlib.sha256(script_json(account).encode()).hexdigest()[:12]
    scripts = [_leaflet("leaflet.js"), *map(_web, _SCRIPTS)]
    styles = [re.sub(r"url\([^)]*\)", "none", _leaflet("leaflet.css")), *map(_web, _STYLES)]
    title = map_title(state, w)
    head = element(
        "head",
        Html('<meta charset="utf-8">'),
        Html('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        Html(f'<meta http-equiv="Content-Security-Policy" content="{_policy(scripts)}">'),
        element("title", title),
        *[Html(f"<style>{sheet}</style>") for sheet in styles],
    )
    body = element(
        "body",
        element("header", element("h1", title), element("p", subtitle(state, w))),
        element("div", id="map_div"),
        element(
            "aside",
            element("div", id="card", aria_live="polite"),
            element("h2", w("Zones on the map")),
            element("table", id="zones"),
        ),
        element("footer", *[element("p", line) for line in _foot(state, w)]),
        *[
            Html(f'<script type="application/json" id="{key}">{script_json(value)}</script>')
            for key, value in (
                ("base", base),
                ("account", account),
                ("page", _page(province, state, w)),
            )
        ],
        *[Html(f"<script>{script}</script>") for script in scripts],
    )
    return f'<!DOCTYPE html>\n<html lang="{lang}">\n{head}\n{body}\n</html>\n'


def _leaflet(name: str) -> str:
    folder = importlib.resources.files("js_lib_leaflet") / "static" / "js_lib_leaflet"
    # A reference to a file beside it would be asked for.
    return re.sub(r"//# sourceMappingURL=.*", "", (folder / name).read_text("utf-8"))


def _web(name: str) -> str:
    return (_WEB / name).read_text("utf-8")


def _policy(scripts: list[str]) -> str:
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in scripts
    )
    return f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; base-uri 'none'"


def _foot(state: Snapshot, w: Words) -> list[str]:
    source = state.boundary_source
    accuracy = w.pick(source.accuracy_vi, source.accuracy_en)
    return [
        f"{w('Boundaries')}: {accuracy} {source.attribution}",
        w("Drawn by the Industrial Land Atlas; figures don't replace the registers."),
    ]


def _page(province: Province, state: Snapshot, w: Words) -> dict[str, Any]:
    marks = zone_marks(state.zones)
    zones = records(state.zones)
    rates = {key: rate_text(row, w) for key, row in zones.items()}
    heads = ["", w("Zone"), w("Fill rate"), w("Available (ha)")]
    return {
        "zones": [
            {
                "id": key,
                "mark": marks[key],
                "name": w.pick(row["name_vi"], row["name_en"]),
                "rate": rates[key].headline,
                "remark": rates[key].remark,
                "available": available_text(row, w)[0],
            }
            for key, row in zones.items()
        ],
        "told": {
            "zone": {key: _told_zone(row, state, w) for key, row in zones.items()},
            "area": _told_areas(state, w),
        },
        "bounds": {"zone": _zone_bounds(province), "area": _area_bounds(state)},
        "words": {
            "pick": w("Click a zone or an area on the map to read of it here."),
            "heads": heads,
        },
    }


def _zone_bounds(province: Province) -> dict[str, list[list[float]]]:
    corners = province.zones.bounds.round(4)
    return {
        str(key): [[south, west], [north, east]]
        for key, west, south, east, north in corners.itertuples(name=None)
    }


def _area_bounds(state: Snapshot) -> dict[str, list[list[float]]]:
    placed = state.areas[state.areas["position"] != "unknown"]
    reach = np.array([_AROUND_DEG, _AROUND_DEG])
    found = {}
    for key, point in placed.geometry.items():
        at = shapely.get_coordinates(point)[0][::-1]
        found[str(key)] = [(at - reach).round(4).tolist(), (at + reach).round(4).tolist()]
    return found


def _told_zone(row: dict[str, Any], state: Snapshot, w: Words) -> dict[str, Any]:
    said, (available, remark) = rate_text(row, w), available_text(row, w)
    as_of = dates_text(row)
    return {
        "name": w.pick(row["name_vi"], row["name_en"]),
        "lines": [w.of(GROUP, row["group"]), coverage_text(row, w)],
        "figures": [
            [w("Fill rate"), said.headline, said.remark],
            [w("Available (ha)"), available, remark],
            [w("Figures as of"), as_of or w("no data"), ""],
            *[[w("note"), line, ""] for line in reasons_text(row, state.areas, w)],
        ],
    }


def _told_areas(state: Snapshot, w: Words) -> dict[str, Any]:
    figures, sources = figures_by_area(state), state.facts.sources
    told = {}
    for key, area in records(state.areas).items():
        rows = []
        for metric, figure in figures.get(key, {}).items():
            about = (
                printed_date(figure["as_of"]) or w("undated"),
                w.of(BASIS_CODE, figure["basis"]) if figure["basis"] else "",
                w.of(HOW, figure["how"]),
                w.of(NATURE, figure["nature"]),
                "; ".join(source_name(one, sources) for one in figure["source"].split(";") if one),
            )
            unit = w.of(UNIT, figure["unit"])
            value = f"{exact(figure['value'], w.lang)} {unit}".strip()
            rows.append([w.of(FIELD, metric), value, ", ".join(part for part in about if part)])
        status = f"{w.of(KIND, area['kind'])}, {w.of(STATUS, status_of(area))}"
        told[key] = {
            "name": w.pick(area["name_vi"], area["name_en"]),
            "lines": [status, w("Position {how}", how=w.of(POSITION, area["position"]))],
            "figures": rows or [[w("Figures"), w("no data"), ""]],
        }
    return told
