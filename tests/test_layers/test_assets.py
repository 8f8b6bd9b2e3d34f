"""What the map loads, and from where."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import folium

from layers import assets

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "layers" / "web"


def test_lay_out_writes_what_the_map_needs(tmp_path: Path) -> None:
    addresses = assets.lay_out(tmp_path / "static")
    assert set(addresses) == {"map.js"}
    assert {path.name for path in (tmp_path / "static").iterdir()} == {"map.js"}
    assert all(url.startswith("/app/static/") and "?v=" in url for url in addresses.values())


def test_one_script_holds_all_in_the_order_in_which_they_need_each_other(tmp_path: Path) -> None:
    assets.lay_out(tmp_path)
    script = (tmp_path / "map.js").read_text("utf-8")
    own = {file.name: file.read_text("utf-8") for file in WEB.iterdir() if file.is_file()}
    # All that uses Leaflet or another of them comes after it.
    names = ("draw", "atlas", "scenario", "vector_tile", "plot_tiles")
    order = [own[f"{name}.js"] for name in names]
    library = (WEB / "vendor" / "protomaps-leaflet.js").read_text("utf-8")
    places = [script.index(text) for text in ("Leaflet 1.9", "jQuery v", library, *order)]
    assert places == sorted(places)
    # The style comes first, or the map would be laid out without it.
    style, _ = json.JSONDecoder().raw_decode(script[script.index("textContent: ") + 13 :])
    assert script.index("textContent: ") < places[0]
    for text in (own["atlas.css"], own["scenario_map.css"], ".leaflet-container"):
        assert text in style
    assert "url(" not in style


def test_lay_out_touches_only_what_changed(tmp_path: Path) -> None:
    before = assets.lay_out(tmp_path)
    file = tmp_path / "map.js"
    good, stamp = file.read_bytes(), file.stat().st_mtime_ns
    assert assets.lay_out(tmp_path) == before
    assert file.stat().st_mtime_ns == stamp
    file.write_bytes(b"half a file")
    assert assets.lay_out(tmp_path) == before
    assert file.read_bytes() == good


def test_maps_load_nothing_from_the_web() -> None:
    assets.use_local_scripts()
    assert not folium.Map.default_css
    assert [name for name, _ in folium.Map.default_js] == ["map"]
    assert all(url.startswith("/app/static/") for _, url in folium.Map.default_js)


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
