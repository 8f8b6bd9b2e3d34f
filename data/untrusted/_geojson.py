"""Features of GeoJSON (RFC 7946), and of its elder with a `crs`; without GDAL."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
import shapely
from shapely.geometry import shape

from data._message import Message
from data.untrusted._sheets import Notes, Raw, as_text, quoted, refuse
from data.untrusted._systems import WGS84
from data.untrusted.legacy_text import decode

if TYPE_CHECKING:
    from data.untrusted._sheets import Job

_DEEPEST = 200  # brackets within brackets
_PLAIN = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")
_EXPECTED = Message("a FeatureCollection of GeoJSON")


class _NotJsonError(ValueError):
    """Something that JSON doesn't have or doesn't allow."""


def read(job: Job) -> list[Raw]:
    """Read the features of a file; nested properties become JSON text."""
    text, _ = decode(job.file.read_bytes(), job)
    document = _parsed(text, job)
    del text
    features = _features(document, job)
    if len(features) > job.limits.features:
        refuse(
            job,
            Message("more than {most} features", most=job.limits.features),
            Message("fewer; divide the file"),
        )
    raw = Raw(_name(document), [], [], [], Notes(job.name), [], _crs(document))
    properties = []
    for row, feature in enumerate(features, start=1):
        if not isinstance(feature, dict) or feature.get("type", "Feature") != "Feature":
            refuse(
                job,
                Message("no Feature"),
                Message("a Feature with geometry and properties"),
                row=row,
            )
        given = feature.get("properties") or {}
        if not isinstance(given, dict):
            refuse(
                job, Message("properties that are no object"), Message("names and values"), row=row
            )
        if isinstance(feature.get("id"), str | int) and "id" not in given:
            given = {**given, "id": feature["id"]}
        properties.append(given)
        raw.rows.append(row)
        raw.shapes.append(_shape(feature.get("geometry"), raw, row))  # type: ignore[union-attr]
    raw.header = list(dict.fromkeys(name for given in properties for name in given))
    raw.cells = [[_text(given.get(name)) for name in raw.header] for given in properties]
    return [raw]


def _parsed(text: str, job: Job) -> Any:  # noqa: ANN401
    expected = Message("JSON, in which each name of an object occurs once and numbers are finite")
    if _depth(text) > _DEEPEST:
        refuse(
            job,
            Message("nesting deeper than {most}", most=_DEEPEST),
            Message("JSON of fewer levels"),
        )
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_constant)
    except _NotJsonError as error:
        refuse(job, error.args[0], expected)
    except json.JSONDecodeError as error:
        refuse(
            job,
            Message("no JSON ({error})", error=Message(error.msg)),
            expected,
            row=Message("line {number}", number=error.lineno),
        )
    except ValueError:  # Python refuses whole numbers beyond 4,300 digits
        refuse(job, Message("a number of thousands of digits"), expected)


def _depth(text: str) -> int:
    """Deepest nesting of brackets; those in texts count too, which errs on the safe side."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    opening = (codes == ord("[")) | (codes == ord("{"))
    closing = (codes == ord("]")) | (codes == ord("}"))
    steps = opening.astype(np.int8) - closing.astype(np.int8)
    steps = steps[steps != 0]
    return int(np.cumsum(steps, dtype=np.int64).max(initial=0))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        msg = Message("the name {twice} twice in one object", twice=quoted(twice))
        raise _NotJsonError(msg)
    return found


def _constant(text: str) -> NoReturn:
    msg = Message("{text}, which is no number of JSON", text=text)
    raise _NotJsonError(msg)


def _features(document: Any, job: Job) -> list[Any]:  # noqa: ANN401
    if not isinstance(document, dict):
        refuse(job, Message("JSON that is no object"), _EXPECTED)
    kind = document.get("type", "FeatureCollection" if "features" in document else None)
    if kind == "FeatureCollection" and isinstance(document.get("features"), list):
        return list(document["features"])
    if kind == "Feature":
        return [document]
    if kind in (*_PLAIN, "GeometryCollection"):
        return [{"geometry": document}]
    return refuse(job, Message("no GeoJSON: JSON without features"), _EXPECTED)


def _shape(given: Any, raw: Raw, row: int) -> Any:  # noqa: ANN401
    try:
        return None if given is None else _geometry(given)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, shapely.GEOSException):
        kind = given.get("type") if isinstance(given, dict) else None
        found = Message("a geometry of type {kind} that can't be read", kind=quoted(str(kind)))
        return raw.broken(row, found, Message("a geometry of GeoJSON"))


def _geometry(given: dict[str, Any]) -> Any:  # noqa: ANN401
    if given["type"] == "GeometryCollection":
        return shapely.geometrycollections([_geometry(part) for part in given["geometries"]])
    if given["type"] not in _PLAIN:
        raise ValueError(given["type"])
    return None if given["coordinates"] == [] else shape(given)


def _text(value: object) -> str:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return as_text(value)


def _name(document: dict[str, Any]) -> str:
    name = document.get("name")
    return name if isinstance(name, str) else ""


def _crs(document: dict[str, Any]) -> str:
    """Give the system: WGS 84 where the file is silent, as the standard says."""
    stated = document.get("crs", WGS84)
    if isinstance(stated, dict):
        properties = stated.get("properties")
        name = properties.get("name") if isinstance(properties, dict) else None
        return str(name or "")
    return stated if stated == WGS84 else ""
