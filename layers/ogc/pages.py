"""The answers as HTML pages for people: no script, nothing from the web."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from data.dates import printed_date
from layers.numbers import exact
from layers.safe_html import Html, element, join, link
from layers.words import LANGS, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from data._message import Lang
    from layers.exchange.fields import LayerField
    from layers.ogc.collections import Collection
    from layers.ogc.server import View
    from layers.words import Words

    Document = dict[str, Any]

_STYLE: Final = Html(
    "body{font:16px/1.5 'Segoe UI','Noto Sans',Roboto,sans-serif;margin:0 auto;max-width:72rem;"
    "padding:1rem;color:#1c2733;background:#fff}"
    "nav{display:flex;gap:1rem;flex-wrap:wrap;border-bottom:1px solid #c8d0d8;"
    "padding-bottom:.5rem}"
    "a{color:#0b5394}table{border-collapse:collapse;margin:1rem 0}"
    "th,td{border:1px solid #c8d0d8;padding:.25rem .5rem;text-align:left;vertical-align:top;"
    "overflow-wrap:break-word}thead th{background:#eef2f6}.wide{overflow-x:auto}"
    ".none{color:#5d6b78}h1{font-size:1.5rem}h2{font-size:1.15rem}p{white-space:pre-line}",
)
_COLUMNS: Final = 8


def page(kind: str, document: Document, *, lang: Lang, asked: str, view: View) -> str:
    """Draw an answer.

    Parameters
    ----------
    kind
        landing, openapi, conformance, collections, collection, schema, queryables, items or
        item.
    document
        What pygeoapi answered.
    asked
        Path and query of the request, which the links to the other language and to JSON keep.
    """
    w = words(lang)
    title, body = _BODIES[kind](document, w, view)
    other = next(item for item in LANGS if item != lang)
    links = (
        _to(_in_form(asked, "html", other), w.pick("English", "Tiếng Việt")),
        _to(_in_form(asked, "json", lang), "JSON"),
    )
    return _whole(title, body, links, w)


def refusal(said: str, *, lang: Lang) -> str:
    """Draw why a request isn't answered."""
    w = words(lang)
    return _whole(w("This request can't be answered"), element("p", said), (), w)


def _whole(title: str, body: Html, links: Sequence[Html], w: Words) -> str:
    navigation = element(
        "nav",
        _to(f"/?f=html&lang={w.lang}", w("Start")),
        _to(f"/collections?f=html&lang={w.lang}", w("Layers")),
        *links,
    )
    head = element(
        "head",
        Html('<meta charset="utf-8">'),
        element("title", title),
        element("style", _STYLE),
    )
    content = element("body", navigation, element("h1", title), body)
    return f"<!doctype html>\n{element('html', head, content, lang=w.lang)}\n"


def _to(address: str, label: object) -> Html:
    """Link within this server."""
    return element("a", label, href=address)


def _within(w: Words, *parts: str) -> str:
    return f"/collections/{'/'.join(parts)}?f=html&lang={w.lang}"


def _list(items: Iterable[Html]) -> Html:
    return element("ul", *(element("li", item) for item in items))


def _pairs(pairs: Iterable[tuple[object, object]]) -> Html:
    return element(
        "table",
        *(
            element("tr", element("th", heading, scope="row"), element("td", value))
            for heading, value in pairs
        ),
    )


def _landing(document: Document, w: Words, view: View) -> tuple[str, Html]:
    links = [
        _to(f"/collections?f=html&lang={w.lang}", w("Layers")),
        _to(f"/openapi?f=html&lang={w.lang}", w("Description of the interface")),
        _to(f"/conformance?f=html&lang={w.lang}", w("Conformance classes")),
    ]
    licences = dict.fromkeys(item.abouts[w.lang].licence for item in view.collections.values())
    texts = [(w("Licence"), text) for text in licences]
    if view.contact.name or view.contact.email:
        texts.append((w("Contact"), " ".join(part for part in view.contact if part)))
    return document["title"], join(
        [element("p", document["description"]), _list(links), _pairs(texts)],
    )


def _openapi(document: Document, w: Words, view: View) -> tuple[str, Html]:
    del view
    rows = [
        (element("code", path), operation["get"].get("summary", ""))
        for path, operation in document["paths"].items()
    ]
    return w("Description of the interface"), join(
        [element("p", document["info"]["description"]), _pairs(rows)],
    )


def _conformance(document: Document, w: Words, view: View) -> tuple[str, Html]:
    del view
    return w("Conformance classes"), _list(element("code", name) for name in document["conformsTo"])


def _collections(document: Document, w: Words, view: View) -> tuple[str, Html]:
    del view
    rows = [
        (_to(_within(w, item["id"]), item["id"]), item["title"]) for item in document["collections"]
    ]
    return w("Layers"), _pairs(rows)


def _collection(document: Document, w: Words, view: View) -> tuple[str, Html]:
    key = document["id"]
    about = view.collections[key].abouts[w.lang]
    links = [
        _to(_within(w, key, "items"), w("Objects")),
        _to(_within(w, key, "schema"), w("Fields")),
    ]
    lines: list[tuple[object, object]] = [
        (heading, printed_date(text) if text == about.as_of else text)
        for heading, text in about.lines()
        if text and text != about.title and heading != w("Coordinates")
    ]
    lines.append((w("Coordinates"), join(document["crs"], Html("<br>"))))
    return document["title"], join([_list(links), _pairs(lines)])


def _fields(document: Document, w: Words, view: View) -> tuple[str, Html]:
    del view
    rows = [
        element(
            "tr",
            element("td", element("code", name)),
            element("td", schema.get("title", "")),
            element("td", schema.get("type", "")),
            element("td", schema.get("x-ogc-unit", "")),
            element("td", schema.get("description", "")),
        )
        for name, schema in document["properties"].items()
    ]
    headings = (w("Field"), w("Name"), w("Type"), w("Unit"), w("Meaning"))
    return document["title"], _table(headings, rows)


def _table(headings: Iterable[object], rows: Iterable[Html]) -> Html:
    head = element("thead", element("tr", *(element("th", text, scope="col") for text in headings)))
    return element("div", element("table", head, element("tbody", *rows)), class_="wide")


def _value(field: LayerField, value: Any, w: Words) -> Html:  # noqa: ANN401
    """Write a value for readers: words for codes, dates and numbers as the language has them."""
    if value is None or value == []:
        return element("span", w("no data"), class_="none")
    labels = field.read_as(w.lang)
    if field.type == "list":
        return join([labels.get(item, item) for item in value], "; ")
    if field.type == "text":
        return link(value, labels.get(value, value))
    return join([_WRITTEN[field.type](value, w)])


_WRITTEN: Final[dict[str, Callable[[Any, Words], str]]] = {
    "integer": lambda value, _: str(value),
    "number": lambda value, w: exact(value, w.lang),
    "boolean": lambda value, w: w("true") if value else w("false"),
    "date": lambda value, _: printed_date(value),
    "partial_date": lambda value, _: printed_date(value),
}


def _key(document: Document) -> str:
    """Find the collection that items belong to."""
    href = next(item["href"] for item in document["links"] if item["rel"] == "collection")
    return str(href).rsplit("/", 1)[1]


def _items(document: Document, w: Words, view: View) -> tuple[str, Html]:
    key = _key(document)
    collection = view.collections[key]
    about = collection.layers[w.lang].about
    features = document["features"]
    given = features[0]["properties"] if features else {}
    names = [
        field for field in about.fields if field.name in given and field.name != about.identifier
    ][:_COLUMNS]
    rows = [
        element(
            "tr",
            element(
                "td",
                _to(_within(w, key, "items", _quoted(feature["id"])), feature["id"]),
            ),
            *(
                element("td", _value(field, feature["properties"][field.name], w))
                for field in names
            ),
        )
        for feature in features
    ]
    count = w(
        "{shown} of {all}",
        shown=document["numberReturned"],
        all=document["numberMatched"],
    )
    turns = [
        _to(_in_form(item["href"], "html", w.lang), label)
        for rel, label in (("prev", w("Previous page")), ("next", w("Next page")))
        for item in document["links"]
        if item["rel"] == rel
    ]
    headings = [about.identifier, *(field.heading(w.lang) for field in names)]
    return collection.abouts[w.lang].title, join(
        [
            element("p", count),
            _list(turns) if turns else "",
            _table(headings, rows),
        ],
    )


def _in_form(address: str, form: str, lang: Lang) -> str:
    """Give the address of the same answer in another format or language."""
    parts = urlsplit(address)
    query = {**dict(parse_qsl(parts.query)), "f": form, "lang": lang}
    return f"{parts.path}?{urlencode(query)}"


def _quoted(identifier: str) -> str:
    return quote(identifier, safe="")


def _item(document: Document, w: Words, view: View) -> tuple[str, Html]:
    key = _key(document)
    collection: Collection = view.collections[key]
    about = collection.layers[w.lang].about
    values = document["properties"]
    rows = [
        (field.heading(w.lang), _value(field, values[field.name], w))
        for field in about.fields
        if field.name in values
    ]
    back = _to(_within(w, key, "items"), collection.abouts[w.lang].title)
    title = values.get("name") or values.get("title") or document["id"]
    return str(title), join([element("p", back), _pairs(rows)])


_BODIES: Final[dict[str, Callable[[Document, Words, View], tuple[str, Html]]]] = {
    "landing": _landing,
    "openapi": _openapi,
    "conformance": _conformance,
    "collections": _collections,
    "collection": _collection,
    "schema": _fields,
    "queryables": _fields,
    "items": _items,
    "item": _item,
}
