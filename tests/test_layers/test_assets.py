"""What the map loads, and from where."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import folium

from layers import assets

ROOT = Path(__file__).resolve().parents[2]


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


def test_what_is_kept_here_is_what_was_published_and_names_no_server() -> None:
    vendor = ROOT / "layers" / "web" / "vendor"
    script = (vendor / "protomaps-leaflet.js").read_bytes()
    assert "Protomaps LLC" in (vendor / "protomaps-leaflet.LICENSE.txt").read_text("utf-8")
    assert hashlib.sha256(script).hexdigest() in (ROOT / "data" / "LICENSES.md").read_text("utf-8")
    hosts = set(re.findall(rb"https?://([a-z0-9.-]+)", script))
    # An example to complete paths by, a name space, and a credit that our layer leaves out.
    assert hosts == {b"example.com", b"www.w3.org", b"openstreetmap.org", b"protomaps.com"}
    notices = (ROOT / "layers" / "web" / "vendor" / "protomaps-leaflet.LICENSE.txt").read_text(
        "utf-8"
    )
    assert "Protomaps LLC" in notices
