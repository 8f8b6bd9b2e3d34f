"""The map's scripts, served by the application itself: nothing is loaded from the web.

Leaflet and jQuery come from Python packages that carry them, the rest from `layers/web`, where
`vendor` holds what no package carries.
They are laid out in `static/` at start, where Streamlit serves them
(`server.enableStaticServing`), and folium is told to use them instead of its web addresses.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.resources
import json
import re
from pathlib import Path
from typing import Final

import folium

from data._replace import replace_whole

STATIC: Final = Path(__file__).resolve().parent.parent / "static"
_SCRIPTS: Final = ("draw", "atlas", "scenario", "vector_tile", "plot_tiles")
_WEB: Final = Path(__file__).resolve().parent / "web"


def lay_out(folder: Path = STATIC) -> dict[str, str]:
    """Write the script of the map, its styles in it, into the folder that Streamlit serves.

    Files that are there already with the same content aren't touched; the others are replaced
    in one step, so that a second process never reads half a file.

    Parameters
    ----------
    folder
        Served at ``app/static``.

    Returns
    -------
    dict
        Name of each file to its address, which ends in a hash of its content.

    Raises
    ------
    OSError
        When the folder can't be written.
    """
    folder.mkdir(exist_ok=True)
    addresses = {}
    for name, content in _contents().items():
        target = folder / name
        if not target.is_file() or target.read_bytes() != content:
            replace_whole(target, content, for_all=True)
        addresses[name] = f"/app/static/{name}?v={hashlib.sha256(content).hexdigest()[:12]}"
    return addresses


@functools.cache
def use_local_scripts() -> None:
    """Lay the files out and make folium use them, and nothing else, for every map.

    Bootstrap, awesome-markers and their fonts are left out: no layer of ours needs them.
    jQuery must stay: folium's popups call it, and without it the map stays blank.
    """
    folium.Map.default_js = [("map", _addresses()["map.js"])]
    folium.Map.default_css = []


@functools.cache
def _addresses() -> dict[str, str]:
    return lay_out()


def _contents() -> dict[str, bytes]:
    leaflet = importlib.resources.files("js_lib_leaflet") / "static" / "js_lib_leaflet"
    jquery = importlib.resources.files("xstatic.pkg.jquery") / "data"
    scripts = [
        leaflet / "leaflet.js",
        jquery / "jquery.min.js",
        _WEB / "vendor" / "protomaps-leaflet.js",  # from no package
        *(_WEB / f"{name}.js" for name in _SCRIPTS),
    ]
    styles = [leaflet / "leaflet.css", _WEB / "atlas.css", _WEB / "scenario_map.css"]
    # One file, with the styles in it: streamlit-folium asks for the next script when the last one
    # has come, and doesn't wait for a style sheet, without which a map can't be laid out.
    parts = [_styling("\n".join(file.read_text("utf-8") for file in styles)).encode()]
    parts += [file.read_bytes() for file in scripts]
    return {"map.js": b"\n;\n".join(parts)}


def _styling(style: str) -> str:
    """Write a script that brings a style; pictures aside, which no layer of ours needs."""
    text = json.dumps(re.sub(r"url\([^)]*\)", "none", style), ensure_ascii=False)
    element = f'Object.assign(document.createElement("style"), {{ textContent: {text} }})'
    return f"document.head.append({element})"
