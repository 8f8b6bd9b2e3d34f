"""Collections: layers of provinces in both languages, with their places in every system."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from geo.crs import WGS84
from layers.exchange.about import describe
from layers.exchange.tables import LAYERS, province_layers
from layers.ogc.places import CRS84, Places, crs_uri, extent, places_of
from layers.words import LANGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from data._message import Lang
    from geo.snapshot import Province, Snapshot
    from layers.exchange.about import About
    from layers.exchange.layer import Layer

# Beside the layers: what their figures are and where they come from.
TABLES: Final = ("figures", "sources")


@dataclass(frozen=True)
class Collection:
    """A layer of a province as it is served.

    Attributes
    ----------
    key
        In the address: "areas"; "nghe-an-areas" where several provinces are served.
    names, layers, abouts
        Name of the province, the layer and its description, by language.
    places
        By the URI of the system, WGS 84 with longitude first at the beginning.
    crs
        The province's VN-2000 zone, "EPSG:9208".
    bbox
        West, south, east, north of the layer, or of the province where nothing is placed.
    boundaries
        Key of the boundary source.
    numbers
        Row of each record by its identifier.
    """

    key: str
    names: Mapping[Lang, str]
    layers: Mapping[Lang, Layer]
    abouts: Mapping[Lang, About]
    places: Mapping[str, Places]
    crs: str
    bbox: tuple[float, float, float, float]
    boundaries: str
    numbers: Mapping[str, int]

    def __deepcopy__(self, memo: dict[int, Any]) -> Collection:
        # pygeoapi copies its configuration, and this is in it.
        return self


def collections_of(provinces: Iterable[tuple[Province, Snapshot]]) -> tuple[Collection, ...]:
    """Make the collections of provinces on a date; layers without any record are left out.

    Parameters
    ----------
    provinces
        From :func:`geo.snapshot.load_province` and :func:`geo.snapshot.snapshot`.
    """
    loaded = list(provinces)
    return tuple(
        collection
        for province, state in loaded
        for collection in _of_province(
            province,
            state,
            prefix=f"{province.resolution.province}-" if len(loaded) > 1 else "",
        )
    )


def _of_province(province: Province, state: Snapshot, *, prefix: str) -> Iterable[Collection]:
    made = {lang: province_layers(province, state, lang=lang) for lang in LANGS}
    by_key = {lang: {layer.key: layer for layer in made[lang]} for lang in LANGS}
    sources = {lang: by_key[lang]["sources"] for lang in LANGS}
    crs = province.resolution.crs
    west, south, east, north = province.communes.total_bounds.tolist()
    for key in (*LAYERS, *TABLES):
        layers = {lang: by_key[lang][key] for lang in LANGS}
        first = layers["vi"]
        if not first.records:
            continue
        places = places_of(first, (WGS84, crs))
        yield Collection(
            key=prefix + key,
            names={lang: getattr(province.resolution.name, lang) for lang in LANGS},
            layers=layers,
            abouts={
                lang: describe(
                    state,
                    list({item.key: item for item in (layers[lang], sources[lang])}.values()),
                    keys=(key,),
                    lang=lang,
                )
                for lang in LANGS
            },
            places=places,
            crs=crs,
            bbox=extent(places[CRS84]) or (west, south, east, north),
            boundaries=state.boundary_source.key,
            numbers={
                str(record[first.about.identifier]): number
                for number, record in enumerate(first.records)
            },
        )


def systems(collection: Collection) -> list[str]:
    """List the URIs of the systems of a collection, the one it is kept in first."""
    return [CRS84, crs_uri(WGS84), crs_uri(collection.crs)]
