"""Data to take away: layers in a format, what will be in the file, and the whole package."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st
from pyproj import CRS

from layers.downloads import slot as export_slot
from layers.downloads import state as export_state
from layers.downloads.choice import language, state_of
from layers.downloads.orders import data_order, package_order
from layers.exchange.fields import layer_fields
from layers.exchange.tables import LAYERS
from layers.exchange.write import FORMATS
from layers.numbers import day, number
from layers.safe_html import Html, element
from layers.words import mark

if TYPE_CHECKING:
    from data._message import Lang
    from layers.downloads.choice import Here
    from layers.downloads.orders import View
    from layers.exchange.bundle import Bundle, Numbers
    from layers.exchange.write import Form
    from layers.words import Words

# In the order in which they are asked for, each with what it is good for.
FORMAT_NOTES: Final[dict[Form, str]] = {
    "gpkg": mark("For QGIS and ArcGIS: all layers and tables in one file, with styles."),
    "xlsx": mark("For Excel: a sheet for each layer, and the sources. No outlines."),
    "geojson": mark("For web maps and programs. WGS 84 only."),
    "shp": mark("For older GIS: short field names, explained in a list in the zip."),
    "kml": mark("For Google Earth, with styles and descriptions. WGS 84 only."),
    "csv": mark("For tables and databases: points as coordinates, no outlines."),
    "fgb": mark("For large layers and map servers that read parts of a file."),
    "parquet": mark("For analysis in Python, R or DuckDB."),
}
NUMBERS: Final[dict[Numbers, str]] = {
    "vi": mark("12345,67 (decimal comma)"),
    "international": mark("12345.67 (point)"),
}
# Ticked to begin with.
_FIRST: Final = ("zones", "areas")


def show(here: Here, w: Words) -> None:
    """Put the choice of layers, format and coordinates, and below it the package."""
    what, how, out = st.columns([28, 36, 36], gap="medium")
    with what:
        view = state_of(here, w)
        if view is None:
            return
        keys = _layers(view, w)
    with how:
        form = st.radio(
            w("Format"),
            list(FORMAT_NOTES),
            key="out_format",
            format_func=lambda one: w(FORMATS[one].name),
            captions=[w(note) for note in FORMAT_NOTES.values()],
        )
    with out:
        crs = _coordinates(view, form, w)
        lang = language("out_lang", w)
        numbers = _numbers(form, lang, w)
        if keys:
            bundle = export_state.bundle_of(view, keys, crs, lang, numbers)
            order = data_order(view, bundle, form)
            with st.container(border=True):
                st.html(contents_html(bundle, w))
                export_slot.show("data", order, w)
        else:
            text = w("Choose at least one layer.")
            st.html(element("p", text, class_="atlas-notice", role="status"))
    with st.container(border=True):
        st.html(package_html(w))
        export_slot.show("package", package_order(export_state.present(*here)), w)


def _layers(view: View, w: Words) -> tuple[str, ...]:
    st.html(element("p", w("Layers"), class_="export-label"))
    counts, fields = export_state.counts_of(view, w.lang), layer_fields()
    chosen = []
    for key in LAYERS:
        if not counts[key]:
            continue
        at = f"out_layer_{key}"
        if at not in st.session_state:
            st.session_state[at] = key in _FIRST
        label = f"{fields[key].title.of(w.lang)} ({number(counts[key], w.lang)})"
        if st.checkbox(label, key=at):
            chosen.append(key)
    return tuple(chosen)


def _coordinates(view: View, form: Form, w: Words) -> str:
    system = view.state.resolution.crs
    names = {
        "wgs84": w("WGS 84, longitude and latitude (EPSG:4326)"),
        "vn2000": w("{name}, the province's zone ({code})", name=CRS(system).name, code=system),
    }
    fixed = FORMATS[form].wgs84_only
    label = w("Coordinates")
    if not fixed:
        return st.radio(label, list(names), key="out_crs", format_func=names.__getitem__)
    # A key of its own, so that the other formats find what was chosen for them.
    st.radio(
        label,
        list(names),
        key="export_crs_fixed",
        format_func=names.__getitem__,
        index=0,
        disabled=True,
    )
    st.html(
        element(
            "p",
            w("{format} knows WGS 84 only.", format=w(FORMATS[form].name)),
            class_="atlas-hint",
        )
    )
    return "wgs84"


def _numbers(form: Form, lang: Lang, w: Words) -> Numbers | None:
    """Let the numbers of CSV be chosen; other formats hold numbers as numbers."""
    if form != "csv":
        return None
    key = f"out_numbers_{lang}"
    if key not in st.session_state:
        st.session_state[key] = "vi" if lang == "vi" else "international"
    return st.radio(
        w("Numbers"),
        list(NUMBERS),
        key=key,
        format_func=lambda one: w(NUMBERS[one]),
        horizontal=True,
    )


def contents_html(bundle: Bundle, w: Words) -> Html:
    """Say what will be in a file: rows of each layer, date, boundaries and their accuracy."""
    rows = []
    for layer in bundle.layers:
        text = w.plural("{count} row", "{count} rows", len(layer.records))
        if layer.geometry is not None and (lost := int(layer.geometry.isna().sum())):
            text += ", " + w("{count} of them without a position", count=lost)
        rows.append(f"{layer.about.title.of(w.lang)}: {text}")
    source = bundle.state.boundary_source
    accuracy = w.pick(source.accuracy_vi, source.accuracy_en)
    lines = [
        element("p", element("b", w("In the file")), ": ", "; ".join(rows) + "."),
        element(
            "p",
            element("b", w("Date")),
            ": ",
            w("figures known on {date}", date=day(bundle.state.as_of)) + ".",
        ),
        element(
            "p",
            element("b", w("Boundaries")),
            ": ",
            f"{w.pick(source.name_vi, source.name_en)}. {accuracy}",
        ),
    ]
    if bundle.remark:
        lines.append(element("p", bundle.remark))
    return element("div", *lines, class_="export-contents")


def package_html(w: Words) -> Html:
    """Say what the data package is."""
    text = w(
        "all layers as GeoPackage in both systems, Excel, GeoJSON and CSV, with a dictionary of "
        "the fields in both languages, schemas, sources, licences and checksums, as one zip. As "
        "it is, without scenarios."
    )
    lead = element("b", w("The whole data package"))
    return element("div", element("p", lead, ": ", text), class_="export-contents")
