"""What the map loads, and from where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import folium

from layers import assets

if TYPE_CHECKING:
    from pathlib import Path


def test_lay_out_writes_what_the_map_needs(tmp_path: Path) -> None:
    addresses = assets.lay_out(tmp_path / "static")
    scripts = {"leaflet.js", "jquery.min.js", "draw.js", "atlas.js", "scenario.js"}
    scripts |= {"plot_tiles.js", "protomaps-leaflet.js"}
    names = scripts | {"leaflet.css", "atlas.css", "scenario_map.css"}
    assert set(addresses) == names
    assert {path.name for path in (tmp_path / "static").iterdir()} == names
    assert all(url.startswith("/app/static/") and "?v=" in url for url in addresses.values())
    assert b"Leaflet 1.9" in (tmp_path / "static" / "leaflet.js").read_bytes()[:200]


def test_lay_out_touches_only_what_changed(tmp_path: Path) -> None:
    before = assets.lay_out(tmp_path)
    kept, broken = tmp_path / "leaflet.js", tmp_path / "atlas.js"
    stamp = kept.stat().st_mtime_ns
    good = broken.read_bytes()
    broken.write_bytes(b"half a file")
    assert assets.lay_out(tmp_path) == before
    assert broken.read_bytes() == good
    assert kept.stat().st_mtime_ns == stamp


def test_maps_load_nothing_from_the_web() -> None:
    assets.use_local_scripts()
    links = [*folium.Map.default_js, *folium.Map.default_css]
    assert [name for name, _ in links] == [
        "leaflet",
        "jquery",
        "draw",
        "atlas",
        "scenario",
        "plots",
        "leaflet_css",
        "atlas_css",
        "scenario_css",
    ]
    assert all(url.startswith("/app/static/") for _, url in links)
