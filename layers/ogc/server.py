"""The server: pygeoapi's answers over HTTP, with its loose ends tied.

pygeoapi passes over parameters that it doesn't know; here they are refused, since a misspelt
filter would give everything. It is asked for JSON only: HTML is drawn by `layers.ogc.pages`,
without script and without the web.
"""

from __future__ import annotations

import json
import logging
import re
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast
from urllib.parse import quote

from flask import Flask, Response, g, request
from pygeoapi.api import (
    API,
    CONFORMANCE_CLASSES,
    APIRequest,
    describe_collections,
    get_collection_schema,
    landing_page,
    openapi_,
)
from pygeoapi.api.itemtypes import (
    CONFORMANCE_CLASSES_FEATURES,
    get_collection_item,
    get_collection_items,
    get_collection_queryables,
)
from werkzeug.exceptions import BadRequest, HTTPException

from data._message import Message
from layers.ogc.config import configuration, openapi_document
from layers.ogc.pages import page, refusal
from layers.ogc.parameters import FORMATS, problem
from layers.words import LANGS, mark, words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from data._message import Lang
    from layers.ogc.collections import Collection
    from layers.ogc.config import Contact
    from layers.words import Words

    Answer = tuple[dict[str, str], int, str]

LOG: Final = logging.getLogger(__name__)
GEOJSON: Final = "application/geo+json"
_ELSEWHERE: Final = ("/processes", "/jobs", "/TileMatrixSets")
# Titles that pygeoapi gives to links.
TITLES: Final = (
    mark("This document as JSON"),
    mark("This document as HTML"),
    mark("This document as GeoJSON"),
    mark("The OpenAPI definition as JSON"),
    mark("The OpenAPI definition as HTML"),
    mark("Conformance"),
    mark("Collections"),
    mark("The landing page of this server as JSON"),
    mark("The landing page of this server as HTML"),
    mark("Schema of collection in JSON"),
    mark("Schema of collection in HTML"),
    mark("Queryables for this collection as JSON"),
    mark("Queryables for this collection as HTML"),
    mark("Items as GeoJSON"),
    mark("Items as HTML"),
    mark("Items (prev)"),
    mark("Items (next)"),
)
_ADDRESSES: Final = 16
_HOST: Final = re.compile(r"(?P<name>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]+)?")
LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")
# Pages bring neither script nor anything from elsewhere, whatever the data hold.
_SAFE: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
    "Vary": "Accept, Accept-Language",
}


class View(NamedTuple):
    """What is served at a time: the collections, and who answers for them by URL and language."""

    collections: dict[str, Collection]
    contact: Contact
    api: Callable[[str, Lang], API]


def make_view(collections: Sequence[Collection], *, contact: Contact) -> View:
    """Make ready what is served.

    Parameters
    ----------
    collections
        From :func:`layers.ogc.collections.collections_of`; at least one.
    contact
        Who runs the server.
    """

    @lru_cache(maxsize=_ADDRESSES)
    def api(url: str, lang: Lang) -> API:
        config = configuration(collections, lang=lang, url=url, contact=contact)
        return API(config, {})

    return View({collection.key: collection for collection in collections}, contact, api)


def _conformance(api: API, asked: APIRequest) -> Answer:
    """Name the conformance classes; pygeoapi claims writing, and its list grows at each call."""
    classes = [*CONFORMANCE_CLASSES, *CONFORMANCE_CLASSES_FEATURES]
    kept = sorted(name for name in set(classes) if "create-replace-delete" not in name)
    headers = asked.get_response_headers(**api.api_headers)
    return headers, 200, json.dumps({"conformsTo": kept})


def _openapi(api: API, asked: APIRequest) -> Answer:
    """Describe the interface, which takes a while, when somebody asks for it first."""
    if not api.openapi:
        api.openapi = openapi_document(api.config)
    return cast("Answer", openapi_(api, asked))


_ROUTES: Final[tuple[tuple[str, str, Callable[..., Answer]], ...]] = (
    ("/", "landing", landing_page),
    ("/openapi", "openapi", _openapi),
    ("/conformance", "conformance", _conformance),
    ("/collections", "collections", describe_collections),
    ("/collections/<key>", "collection", describe_collections),
    ("/collections/<key>/schema", "schema", get_collection_schema),
    ("/collections/<key>/queryables", "queryables", get_collection_queryables),
    ("/collections/<key>/items", "items", get_collection_items),
    ("/collections/<key>/items/<path:identifier>", "item", get_collection_item),
)


def make_app(view: Callable[[], View], *, hosts: Sequence[str] | None = None) -> Flask:
    """Make the application.

    Parameters
    ----------
    view
        Gives what is served; asked at each request.
    hosts
        Names that requests may use for this server; any where None. Naming them keeps pages of
        the web, which a browser on this machine shows, from reading what is served here.
    """
    app = Flask(__name__, static_folder=None)
    app.url_map.strict_slashes = False

    @app.before_request
    def known_host() -> None:
        name = _HOST.fullmatch(request.host)
        if name is None or (hosts is not None and name["name"] not in hosts):
            message = Message("this server has another name")
            raise BadRequest(message)

    def respond(kind: str, function: Callable[..., Answer], **path: str) -> Response:
        return _answered(view(), kind, function, *path.values())

    for rule, kind, function in _ROUTES:
        app.add_url_rule(rule, kind, partial(respond, kind, function), methods=["GET"])

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response:
        code = "NotFound" if error.code == 404 else "InvalidParameterValue"  # noqa: PLR2004
        return _error(error.code or 500, code, error.description or error.name)

    @app.errorhandler(Exception)
    def failed(error: Exception) -> Response:
        LOG.error("%s", request.path, exc_info=error)
        told = Message("the server could not answer this request")
        return _error(500, "NoApplicableCode", told)

    @app.after_request
    def safe(response: Response) -> Response:
        response.headers.extend(_SAFE)
        return response

    return app


def _answered(view: View, kind: str, function: Callable[..., Answer], *names: str) -> Response:
    collection = view.collections.get(names[0]) if names else None
    wrong = problem(dict(request.args.lists()), kind, collection)
    if wrong is not None and (collection is not None or not names):
        raise BadRequest(wrong)
    asked = APIRequest.from_flask(request, list(LANGS))
    lang: Lang = "en" if asked.locale.language == "en" else "vi"
    form = asked.format if asked.format in FORMATS else "json"
    # Links begin with the address that the client used.
    api = view.api(f"{request.scheme}://{request.host}", lang)
    # The request as pygeoapi is to see it: in this language, and for JSON.
    asked = APIRequest.from_flask(request, api.locales)
    asked._format = "json"  # noqa: SLF001
    headers, status, content = function(api, asked, *names)
    document = json.loads(content)
    if status >= 400:  # noqa: PLR2004
        # What a provider said came back as its words alone.
        description = document["description"]
        told = g.pop("told", "")
        return _error(status, document["code"], told if told == description else description)
    document = _tidied(document, words(lang))
    if form == "html":
        address = f"{quote(request.path)}?{request.query_string.decode()}"
        html = page(kind, document, lang=lang, asked=address, view=view)
        return Response(html, status, {**headers, "Content-Type": "text/html; charset=utf-8"})
    if kind in {"items", "item"}:
        headers["Content-Type"] = GEOJSON
    return Response(_json(document), status, headers)


def _tidied(document: dict[str, Any], w: Words) -> dict[str, Any]:
    """Take links out that lead nowhere, and give the others their titles in the language."""
    for part in (document, *document.get("collections", ())):
        if "links" in part:
            part["links"] = [
                {**link, "title": w(link["title"])} if "title" in link else link
                for link in part["links"]
                if _leads(link)
            ]
    if "numberMatched" in document:
        # pygeoapi offers a next page after a full last one.
        shown = int(request.args.get("offset", 0)) + document["numberReturned"]
        if shown >= document["numberMatched"]:
            document["links"] = [link for link in document["links"] if link["rel"] != "next"]
        # It leaves the offset out of the links to this page itself.
        if offset := request.args.get("offset"):
            for link in document["links"]:
                if link["rel"] in {"self", "alternate"}:
                    link["href"] += f"&offset={int(offset)}"
    return document


def _leads(link: dict[str, str]) -> bool:
    if link.get("type") == "application/ld+json":
        return False
    return not any(place in link["href"] for place in _ELSEWHERE)


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _error(status: int, code: str, description: str) -> Response:
    """Say why a request isn't answered: in Vietnamese to a reader, in English to a program."""
    html = request.args.get("f") == "html"
    named = request.args.get("lang") or request.accept_languages.best_match(LANGS)
    lang: Lang = "vi" if named == "vi" or (html and named != "en") else "en"
    told = description if isinstance(description, Message) else Message(description)
    said = words(lang).said(told)
    headers = {"Content-Type": "application/json", "Content-Language": lang}
    if html:
        headers["Content-Type"] = "text/html; charset=utf-8"
        return Response(refusal(said, lang=lang), status, headers)
    document = {"code": code, "type": code, "status": status, "description": said}
    return Response(_json(document), status, headers)
