"""GeoJSON (RFC 7946) of a layer: WGS 84, nested values as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd

from geo.export import areas_geojson, feature_collection, zones_geojson

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layers.exchange.bundle import Bundle
    from layers.exchange.layer import Layer


def collection(
    layer: Layer,
    bundle: Bundle,
    *,
    group: str | None = None,
    outlook: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Give a layer as a FeatureCollection.

    Zones and areas have the members of :func:`geo.export.zones_geojson` and
    :func:`geo.export.areas_geojson`, and the fields of the layer besides.

    Parameters
    ----------
    bundle
        Its description becomes `metadata`.
    group, outlook
        Of zones, as in :func:`geo.export.zones_geojson`.
    """
    identifier, about, state = layer.about.identifier, bundle.about, bundle.state
    if layer.key == "zones":
        document = zones_geojson(state, lang=about.lang, group=group, outlook=outlook)
    elif layer.key == "areas":
        document = areas_geojson(state, lang=about.lang)
    else:
        document = feature_collection(
            gpd.GeoDataFrame(geometry=layer.geometry),
            layer.records,
            identifier=identifier,
            metadata=about.record,
        )
    own = document["metadata"]
    sources = {**own["sources"], **about.record["sources"]}
    document["metadata"] = {**own, **about.record, "sources": sources}
    records = {record[identifier]: record for record in layer.records}
    for feature in document["features"]:
        feature["properties"] |= {
            name: value
            for name, value in records[feature["id"]].items()
            if name not in feature["properties"]
        }
    return document
