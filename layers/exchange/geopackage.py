"""GeoPackage: all layers in one file, with their styles and ISO 19115 metadata."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Final

from layers.exchange.about import ISO_URI, iso_xml
from layers.exchange.bundle import of_layer
from layers.exchange.frames import frame, write_frame
from layers.exchange.styles import qml, sld
from layers.words import words

if TYPE_CHECKING:
    from pathlib import Path

    from layers.exchange.bundle import Bundle

# GeoPackage 1.3, annex F.8 (extension metadata), and the table that QGIS keeps styles in.
_TABLES: Final = """
CREATE TABLE gpkg_metadata (
  id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL,
  md_scope TEXT NOT NULL DEFAULT 'dataset',
  md_standard_uri TEXT NOT NULL,
  mime_type TEXT NOT NULL DEFAULT 'text/xml',
  metadata TEXT NOT NULL DEFAULT ''
);
CREATE TABLE gpkg_metadata_reference (
  reference_scope TEXT NOT NULL,
  table_name TEXT,
  column_name TEXT,
  row_id_value INTEGER,
  timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  md_file_id INTEGER NOT NULL,
  md_parent_id INTEGER,
  CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
  CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id)
);
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  f_table_catalog TEXT(256),
  f_table_schema TEXT(256),
  f_table_name TEXT(256),
  f_geometry_column TEXT(256),
  styleName TEXT(30),
  styleQML TEXT,
  styleSLD TEXT,
  useAsDefault BOOLEAN,
  description TEXT,
  owner TEXT(30),
  ui TEXT(30),
  update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now'))
);
"""
_EXTENSIONS: Final = """
CREATE TABLE IF NOT EXISTS gpkg_extensions (
  table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
  scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name)
)
"""
_DEFINITION: Final = "http://www.geopackage.org/spec120/#extension_metadata"


def write_geopackage(bundle: Bundle, path: Path) -> None:
    """Write layers and tables into one GeoPackage, in the system that the bundle names."""
    about = bundle.about
    for number, layer in enumerate(bundle.layers):
        bundle.on_step(layer.key, number, len(bundle.layers))
        write_frame(
            frame(layer, crs=about.crs),
            layer,
            path,
            driver="GPKG",
            date=about.as_of,
            append=number > 0,
            options={
                "IDENTIFIER": layer.about.title.of(bundle.lang),
                "DESCRIPTION": layer.about.abstract.of(bundle.lang),
                "FID": "fid",
                **({"GEOMETRY_NAME": "geom"} if layer.geometry is not None else {}),
            },
        )
    with closing(sqlite3.connect(path)) as connection, connection:
        _add_texts(bundle, connection)


def _add_texts(bundle: Bundle, connection: sqlite3.Connection) -> None:
    """Add styles, and metadata of the file and of each layer."""
    about, w = bundle.about, words(bundle.lang)
    stamp = f"{about.as_of}T00:00:00.000Z"
    connection.executescript(_TABLES)
    connection.execute(_EXTENSIONS)
    connection.executemany(
        "INSERT INTO gpkg_extensions VALUES (?, NULL, 'gpkg_metadata', ?, 'read-write')",
        [("gpkg_metadata", _DEFINITION), ("gpkg_metadata_reference", _DEFINITION)],
    )
    connection.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change)"
        " VALUES ('layer_styles', 'attributes', 'layer_styles', '', ?)",
        (stamp,),
    )
    texts: list[tuple[str | None, str]] = [(None, iso_xml(about, bundle.layers))]
    texts += [
        (layer.key, iso_xml(of_layer(bundle, layer).about, [layer])) for layer in bundle.drawn
    ]
    for number, (table, text) in enumerate(texts, start=1):
        connection.execute(
            "INSERT INTO gpkg_metadata VALUES (?, 'dataset', ?, 'text/xml', ?)",
            (number, ISO_URI, text),
        )
        connection.execute(
            "INSERT INTO gpkg_metadata_reference VALUES (?, ?, NULL, NULL, ?, ?, ?)",
            ("table" if table else "geopackage", table, stamp, number, 1 if table else None),
        )
    for layer in bundle.drawn:
        connection.execute(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name,"
            " f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description,"
            " owner, ui, update_time) VALUES ('', '', ?, 'geom', ?, ?, ?, 1, ?, '', NULL, ?)",
            (
                layer.key,
                layer.key,
                qml(layer, w),
                sld(layer, w),
                layer.about.title.of(bundle.lang),
                stamp,
            ),
        )
