"""Configuration and OpenAPI document of pygeoapi, in one language each.

pygeoapi's own choice of language doesn't reach its providers, so there is a configuration for
each language, and the server asks the one that a request wants.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from pygeoapi.openapi import get_oas_30

from data.dates import printed_date
from geo.export import GENERATOR
from layers.ogc.collections import systems
from layers.ogc.parameters import FORMATS
from layers.ogc.places import CRS84
from layers.ogc.provider import NAME
from layers.words import LANGS, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from data._message import Lang
    from layers.exchange.about import About
    from layers.ogc.collections import Collection

DEFAULT_ITEMS: Final = 100
MOST_ITEMS: Final = 10_000
_LICENCES: Final = {
    "bundled": "https://opendatacommons.org/licenses/odbl/1-0/",
    "official": "https://opensource.org/license/mit",
}
# What the server answers; pygeoapi would describe processes, jobs and tiles too.
_SERVED: Final = ("/", "/openapi", "/conformance", "/collections")


class Contact(NamedTuple):
    """Who runs the server; empty where unknown."""

    name: str = ""
    email: str = ""


def configuration(
    collections: Sequence[Collection],
    *,
    lang: Lang,
    url: str,
    contact: Contact,
) -> dict[str, Any]:
    """Make pygeoapi's configuration.

    Parameters
    ----------
    collections
        From :func:`layers.ogc.collections.collections_of`.
    lang
        Language of texts and records.
    url
        Address that links begin with, without a slash at the end.
    """
    w = words(lang)
    first = collections[0].abouts[lang]
    names = dict.fromkeys(item.names[lang] for item in collections)
    licences = dict.fromkeys(item.abouts[lang].licence for item in collections)
    boundaries = dict.fromkeys(_boundaries(item, lang) for item in collections)
    description = "\n".join(
        [
            w(
                "Industrial parks, clusters and economic zones by the spatial orientation zones "
                "of the province, as of {date}.",
                date=printed_date(first.as_of),
            ),
            *(f"{w('Boundaries')}: {text}" for text in boundaries),
        ],
    )
    address = next(
        (found for item in collections if (found := _LICENCES.get(item.boundaries))),
        "https://opensource.org/license/mit",
    )
    person = {"name": contact.name or GENERATOR}
    if contact.email:
        person["email"] = contact.email
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": 0},
            "url": url,
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "languages": [lang, *(other for other in LANGS if other != lang)],
            "limits": {"default_items": DEFAULT_ITEMS, "max_items": MOST_ITEMS},
            "map": {"url": "", "attribution": ""},
        },
        "logging": {"level": "CRITICAL"},
        "metadata": {
            "identification": {
                "title": f"{'; '.join(names)}: {w('Industrial land')}",
                "description": description,
                "keywords": _keywords(lang),
                "keywords_type": "theme",
                "terms_of_service": " ".join(licences),
                "url": f"{url}/?f=html",
            },
            "license": {"name": " ".join(licences), "url": address},
            "provider": {"name": person["name"], "url": url},
            "contact": person,
        },
        "resources": {item.key: _resource(item, lang) for item in collections},
    }


def _boundaries(item: Collection, lang: Lang) -> str:
    about = item.abouts[lang]
    return f"{about.boundaries}. {about.accuracy} {about.attribution}".strip()


def _keywords(lang: Lang) -> list[str]:
    w = words(lang)
    return [w("industrial park"), w("industrial cluster"), w("economic zone"), w("Fill rate")]


def _stated(about: About) -> list[tuple[str, str]]:
    """Date, documents, boundaries and licence, each with its heading."""
    lines = about.lines()
    return [*lines[2:5], lines[6]]


def _resource(item: Collection, lang: Lang) -> dict[str, Any]:
    about, layer = item.abouts[lang], item.layers[lang]
    texts = [f"{heading}: {text}" for heading, text in _stated(about) if text]
    links = [
        {
            "type": "text/html",
            "rel": "license",
            "title": about.licence,
            "href": address,
        }
        for address in [_LICENCES.get(item.boundaries)]
        if address
    ]
    return {
        "type": "collection",
        "title": about.title,
        "description": "\n".join([about.abstract, *texts]),
        "keywords": [layer.about.title.of(lang), *_keywords(lang)],
        "links": links,
        "extents": {"spatial": {"bbox": list(item.bbox), "crs": CRS84}},
        "providers": [
            {
                "type": "feature",
                "name": NAME,
                "data": item,
                "options": {"lang": lang},
                "id_field": layer.about.identifier,
                "crs": systems(item),
                "storage_crs": CRS84,
            },
        ],
    }


def openapi_document(config: dict[str, Any]) -> dict[str, Any]:
    """Describe the server as OpenAPI 3.0: what it answers, without references to the web.

    Parameters
    ----------
    config
        From :func:`configuration`.
    """
    document: dict[str, Any] = get_oas_30(config)
    paths = {
        path: {"get": {**item["get"], "parameters": _parameters(item["get"])}}
        for path, item in document["paths"].items()
        if path in _SERVED or path.startswith("/collections/")
    }
    used = {tag for item in paths.values() for tag in item["get"]["tags"]}
    for path, item in paths.items():
        if path.endswith("/items"):
            item["get"]["parameters"] += [_PARAMETERS["datetime"], _PARAMETERS["resulttype"]]
    document["components"]["parameters"]["f"]["schema"]["enum"] = list(FORMATS)
    document["paths"] = paths
    document["tags"] = [tag for tag in document["tags"] if tag["name"] in used]
    return cast("dict[str, Any]", _local(document))


def _parameters(operation: dict[str, Any]) -> list[dict[str, Any]]:
    """List the parameters; of a field that is a list, one value is given."""
    kept = []
    for parameter in operation.get("parameters", []):
        if str(parameter.get("$ref", "")).endswith("/vendorSpecificParameters"):
            continue
        schema = parameter.get("schema", {})
        if schema.get("type") == "array" and parameter["name"] != "properties":
            schema = {key: value for key, value in schema.items() if key != "items"}
            kept.append({**parameter, "schema": {**schema, "type": "string"}})
        else:
            kept.append(parameter)
    return kept


_PARAMETERS: Final[dict[str, dict[str, Any]]] = {
    "sortby": {
        "name": "sortby",
        "in": "query",
        "description": "Names of fields with commas between; a minus before one: greatest first.",
        "style": "form",
        "explode": False,
        "schema": {"type": "array", "items": {"type": "string"}},
    },
    "featureId": {
        "name": "featureId",
        "in": "path",
        "required": True,
        "schema": {"type": "string"},
    },
    "datetime": {
        "name": "datetime",
        "in": "query",
        "description": "A date or an interval. The data are of one date, and all match.",
        "schema": {"type": "string"},
    },
    "resulttype": {
        "name": "resulttype",
        "in": "query",
        "description": "hits: only the number of features.",
        "schema": {"type": "string", "enum": ["results", "hits"], "default": "results"},
    },
}


def _local(item: Any) -> Any:  # noqa: ANN401
    """Replace references to documents on the web, which a server without internet can't give."""
    if isinstance(item, list):
        return [_local(value) for value in item]
    if not isinstance(item, dict):
        return item
    reference = item.get("$ref")
    if isinstance(reference, str) and not reference.startswith("#"):
        name = reference.rsplit("/", 1)[1].removesuffix(".yaml")
        if name in _PARAMETERS:
            return _PARAMETERS[name]
        return {"description": name} if "/responses/" in reference else {"type": "object"}
    return {key: _local(value) for key, value in item.items()}
