"""Placemarks of KML (OGC 12-007r2) and KMZ; nothing that it links to is looked at."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any, NoReturn
from xml.etree.ElementTree import ParseError

import shapely
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from data._message import Message
from data.untrusted import safe_zip
from data.untrusted._sheets import Notes, Raw, refuse, told
from data.untrusted._systems import WGS84

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from data.untrusted._sheets import Job

_DEEPEST = 100  # elements within elements
_LEFT_OUT = ("NetworkLink", "GroundOverlay", "ScreenOverlay", "PhotoOverlay", "Schema", "Update")
_PLAIN = ("name", "description", "address")
_GEOMETRIES = ("Point", "LineString", "LinearRing", "Polygon", "MultiGeometry")
_OTHERS = ("Model", "Track", "MultiTrack")
_FOLDER = "Folder"


def read(job: Job) -> list[Raw]:
    """Read all placemarks as one layer; folders are a column, extended data columns."""
    content = job.file.read_bytes() if job.format == "KML" else _document(job)
    notes = Notes(job.name)
    raw = Raw("", [], [], [], notes, [], WGS84)
    properties = []
    try:
        for row, (folder, placemark) in enumerate(_placemarks(content, notes, job), start=1):
            if row > job.limits.features:
                refuse(
                    job,
                    Message("more than {most} placemarks", most=job.limits.features),
                    Message("fewer"),
                )
            given = {"Folder": folder} if folder else {}
            properties.append(given | _properties(placemark))
            raw.rows.append(row)
            raw.shapes.append(_geometry(placemark, raw, row))  # type: ignore[union-attr]
            placemark.clear()
    except DefusedXmlException as error:
        refuse(
            job,
            Message("entities in its XML ({name})", name=type(error).__name__),
            Message("KML without"),
        )
    except (ParseError, LookupError, ValueError) as error:
        refuse(job, Message("broken XML ({error})", error=told(error)), "KML")
    raw.header = list(dict.fromkeys(name for given in properties for name in given))
    raw.cells = [[given.get(name, "") for name in raw.header] for given in properties]
    return [raw]


def _document(job: Job) -> bytes:
    """Give the document of a KMZ file: the first .kml, at its top where there is one."""
    with job.unzipped() as (archive, members):
        documents = sorted(
            (name for name in members if name.lower().endswith(".kml")),
            key=lambda name: name.count("/"),
        )
        if not documents:
            refuse(job, Message("a zip file without .kml"), "KMZ")
        info = members[documents[0]]
        return safe_zip.read(archive, info, name=job.name, limit=job.limits.unpacked_bytes)


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _placemarks(content: bytes, notes: Notes, job: Job) -> Iterator[tuple[str, Element]]:
    """Give each placemark with the path of its folders."""
    path: list[Element] = []
    names: list[str] = []
    for event, element in iterparse(io.BytesIO(content), events=("start", "end")):
        tag = _tag(element)
        if event == "start":
            if not path and tag != "kml":
                refuse(job, Message("XML that begins with <{tag}>", tag=tag[:40]), "KML")
            path.append(element)
            names += [""] if tag == _FOLDER else []
            if len(path) > _DEEPEST:
                refuse(
                    job,
                    Message("nesting deeper than {most}", most=_DEEPEST),
                    Message("KML of fewer levels"),
                )
            continue
        path.pop()
        if tag == "Placemark":
            yield " / ".join(filter(None, names)), element
        elif tag == _FOLDER:
            names.pop()
            element.clear()
        elif tag == "name" and path and _tag(path[-1]) == _FOLDER:
            names[-1] = (element.text or "").strip()
        elif tag in _LEFT_OUT:
            if tag != "Schema":
                notes.add(
                    None,
                    "",
                    Message("a {what}", what=tag),
                    Message("placemarks; what it links to was not read"),
                )
            element.clear()


def _properties(placemark: Element) -> dict[str, str]:
    found = {}
    for child in placemark:
        tag = _tag(child)
        if tag in _PLAIN:
            found[tag] = (child.text or "").strip()
        elif tag == "TimeStamp":
            found["when"] = "".join(child.itertext()).strip()
        elif tag == "ExtendedData":
            found |= _extended(child)
    return found


def _extended(data: Element) -> dict[str, str]:
    found = {}
    for element in data.iter():
        name = element.get("name", "")
        if name and _tag(element) == "SimpleData":
            found[name] = (element.text or "").strip()
        elif name and _tag(element) == "Data":
            values = [child.text or "" for child in element if _tag(child) == "value"]
            found[name] = "".join(values).strip()
    return found


def _geometry(placemark: Element, raw: Raw, row: int) -> Any:  # noqa: ANN401
    shapes = []
    for child in placemark:
        if _tag(child) in _OTHERS:
            raw.notes.add(
                row,
                "geometry",
                Message("a {what}", what=_tag(child)),
                Message("a plain geometry; it was left out"),
            )
        if _tag(child) not in _GEOMETRIES:
            continue
        try:
            shapes += _shapes(child)
        except (ValueError, IndexError, shapely.GEOSException):
            return raw.broken(
                row,
                Message("a {what} that can't be read", what=_tag(child)),
                Message("lon,lat of each vertex"),
            )
    if len(shapes) < 2:  # noqa: PLR2004
        return shapes[0] if shapes else None
    kinds = {shape.geom_type for shape in shapes}
    if kinds == {"Polygon"}:
        return shapely.multipolygons(shapes)
    return shapely.geometrycollections(shapes)


def _shapes(element: Element) -> list[Any]:
    tag = _tag(element)
    if tag == "MultiGeometry":
        parts = (child for child in element if _tag(child) in _GEOMETRIES)
        return [shape for part in parts for shape in _shapes(part)]
    if tag == "Polygon":
        rings = {"outerBoundaryIs": [], "innerBoundaryIs": []}  # type: dict[str, list[Any]]
        for side in element:
            if _tag(side) in rings:
                rings[_tag(side)] += [shapely.linearrings(_vertices(ring)) for ring in side]
        (outer,) = rings["outerBoundaryIs"] or _fail()
        return [shapely.polygons(outer, rings["innerBoundaryIs"] or None)]
    vertices = _vertices(element)
    return [shapely.points(vertices[0]) if tag == "Point" else shapely.linestrings(vertices)]


def _fail() -> NoReturn:
    msg = "a polygon without outline"
    raise ValueError(msg)


def _vertices(element: Element) -> list[tuple[float, float]]:
    """Longitude and latitude of each vertex; heights are left out."""
    text = next((child.text or "" for child in element if _tag(child) == "coordinates"), "")
    found = []
    for vertex in re.sub(r"\s*,\s*", ",", text).split():
        longitude, latitude, *_ = vertex.split(",")
        found.append((float(longitude), float(latitude)))
    return found
