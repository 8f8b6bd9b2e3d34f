"""Export: layers of a province in a format, a system and a language, as one whole file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, Literal

from pyproj import CRS
from pyproj.exceptions import CRSError

from data._replace import whole_file
from geo.crs import WGS84
from geo.export import to_json
from layers.exchange import tables
from layers.exchange.about import describe
from layers.exchange.bundle import Bundle, of_layer, write_zip
from layers.exchange.columnar import parquet_bytes, write_flatgeobuf
from layers.exchange.delimited import csv_text
from layers.exchange.geojson import collection
from layers.exchange.geopackage import write_geopackage
from layers.exchange.kml import write_kml
from layers.exchange.shapefile import write_shapefile
from layers.exchange.workbook import write_workbook
from layers.words import mark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from data._message import Lang
    from geo.snapshot import Province, Snapshot
    from layers.exchange.bundle import Numbers, OnStep
    from layers.exchange.layer import Layer

Form = Literal["geojson", "gpkg", "shp", "kml", "fgb", "parquet", "csv", "xlsx"]


@dataclass(frozen=True)
class Format:
    """What a format is called and what it can do.

    Attributes
    ----------
    name
        Message id.
    one_layer
        A file holds one layer; several go into a zip.
    wgs84_only
        Its standard knows no other system.
    """

    name: str
    suffix: str
    one_layer: bool
    wgs84_only: bool = False


FORMATS: Final[dict[Form, Format]] = {
    "geojson": Format(
        "GeoJSON",
        ".geojson",
        one_layer=True,
        wgs84_only=True,
    ),
    "gpkg": Format("GeoPackage", ".gpkg", one_layer=False),
    "shp": Format(mark("Shapefile (zip)"), ".zip", one_layer=False),
    "kml": Format(
        "KML",
        ".kml",
        one_layer=False,
        wgs84_only=True,
    ),
    "fgb": Format("FlatGeobuf", ".fgb", one_layer=True),
    "parquet": Format("GeoParquet", ".parquet", one_layer=True),
    "csv": Format("CSV", ".csv", one_layer=True),
    "xlsx": Format(
        mark("Excel workbook"),
        ".xlsx",
        one_layer=False,
    ),
}


def crs_of(name: str, province_crs: str) -> str:
    """Give the system that a request names.

    Parameters
    ----------
    name
        "wgs84", "vn2000" (the province's zone) or "EPSG:n".
    province_crs
        "EPSG:9208" for Nghệ An.

    Raises
    ------
    ValueError
        There is no such system.

    Examples
    --------
    >>> crs_of("wgs84", "EPSG:9208"), crs_of("vn2000", "EPSG:9208"), crs_of("epsg:3405", "")
    ('EPSG:4326', 'EPSG:9208', 'EPSG:3405')
    """
    known = {"wgs84": WGS84, "vn2000": province_crs}
    if name.lower() in known:
        return known[name.lower()]
    code = name.upper()
    try:
        found = CRS(code) if code.startswith("EPSG:") else None
    except CRSError:
        found = None
    if found is None or not (found.is_projected or found.is_geographic):
        msg = f"coordinate system {name!r}; expected wgs84, vn2000 or EPSG:n as in EPSG:3405"
        raise ValueError(msg)
    return code


def suffix_of(form: Form, keys: Sequence[str]) -> str:
    """Give the ending of a file: that of a zip where a format needs a file a layer."""
    many = FORMATS[form].one_layer and len(keys) > 1
    return ".zip" if many else FORMATS[form].suffix


def make_bundle(
    province: Province,
    state: Snapshot,
    *,
    keys: Sequence[str],
    crs: str = "wgs84",
    lang: Lang = "vi",
    numbers: Numbers | None = None,
    more: Sequence[Layer] = (),
    subject: str = "",
    remark: str = "",
    on_step: OnStep | None = None,
) -> Bundle:
    """Put together what a writer needs.

    Parameters
    ----------
    province, state
        From :func:`geo.snapshot.load_province` and :func:`geo.snapshot.snapshot`.
    keys
        Layers of :data:`layers.exchange.tables.LAYERS`.
    crs
        "wgs84", "vn2000" or "EPSG:n".
    numbers
        In CSV; those of the language where None.
    more
        Further layers, such as a ranking, from :func:`layers.exchange.layer.make_layer`.
    subject, remark
        As in :func:`layers.exchange.about.describe`: who or what the data are of where that isn't
        the province, and what must be said of them, such as that they are assumed.

    Raises
    ------
    ValueError
        There is no such coordinate system.
    """
    made = tables.province_layers(province, state, keys=keys, lang=lang, more=more)
    system = crs_of(crs, state.resolution.crs)
    named = [*keys, *(layer.key for layer in more)]
    about = describe(state, made, keys=named, lang=lang, crs=system, subject=subject, remark=remark)
    bundle = Bundle(
        state=state,
        layers=made,
        keys=tuple(named),
        about=about,
        subject=subject,
        remark=remark,
        numbers=numbers or ("vi" if lang == "vi" else "international"),
    )
    return bundle if on_step is None else replace(bundle, on_step=on_step)


def layer_bytes(bundle: Bundle, layer: Layer, form: Form) -> bytes:
    """Give one layer as the file of a format that holds one layer."""
    if form == "geojson":
        return to_json(collection(layer, bundle)).encode()
    if form == "csv":
        return csv_text(bundle, layer).encode()
    if form == "parquet":
        return parquet_bytes(bundle, layer)
    with TemporaryDirectory() as folder:
        path = Path(folder, f"{layer.key}.fgb")
        write_flatgeobuf(bundle, layer, path)
        return path.read_bytes()


def _zipped(bundle: Bundle, form: Form) -> Iterator[tuple[str, bytes]]:
    """Yield a file a layer, tables as CSV where the format needs a geometry, and a README."""
    yield "README.txt", bundle.about.text().encode()
    yield "metadata.json", to_json(bundle.about.record).encode()
    for number, layer in enumerate(bundle.layers):
        bundle.on_step(layer.key, number, len(bundle.layers))
        as_table = layer.geometry is None and form in {"geojson", "fgb"}
        used: Form = "csv" if as_table else form
        yield (
            f"{layer.key}{FORMATS[used].suffix}",
            layer_bytes(of_layer(bundle, layer), layer, used),
        )


_CONTAINERS: Final[dict[Form, Callable[[Bundle, Path], None]]] = {
    "gpkg": write_geopackage,
    "shp": write_shapefile,
    "kml": write_kml,
    "xlsx": write_workbook,
}


def write_bundle(bundle: Bundle, path: Path, form: Form) -> None:
    """Write a bundle as a file that is complete or not there.

    Raises
    ------
    ValueError
        The format knows WGS 84 only, or a place can't be given in the system.
    OSError
        The file can't be written; an older one stays as it was.
    """
    if FORMATS[form].wgs84_only and bundle.about.crs != WGS84:
        msg = f"{FORMATS[form].name} has coordinates in WGS 84 only; choose --crs wgs84"
        raise ValueError(msg)
    with whole_file(path) as neighbour:
        if form in _CONTAINERS:
            # GDAL goes by the ending, and says so where a name has none or another.
            named = neighbour.with_name(f"export{FORMATS[form].suffix}")
            _CONTAINERS[form](bundle, named)
            named.replace(neighbour)
        elif len(bundle.keys) > 1:
            write_zip(neighbour, _zipped(bundle, form), date=bundle.about.as_of)
        else:
            layer = next(layer for layer in bundle.layers if layer.key == bundle.keys[0])
            bundle.on_step(layer.key, 0, 1)
            neighbour.write_bytes(layer_bytes(bundle, layer, form))
        bundle.on_step("", 1, 1)


def export_bytes(bundle: Bundle, form: Form) -> bytes:
    """Give what :func:`write_bundle` writes, for a download."""
    with TemporaryDirectory() as folder:
        path = Path(folder, f"export{suffix_of(form, bundle.keys)}")
        write_bundle(bundle, path, form)
        return path.read_bytes()
