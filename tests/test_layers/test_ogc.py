"""The collections and the application that answers for them, without a network."""

from __future__ import annotations

import dataclasses
import datetime as dt
import html
import html.parser
import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

import geopandas as gpd
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openapi_spec_validator import OpenAPIV30SpecValidator
from pygeoapi.config import validate_config
from pyproj import Transformer

from geo.snapshot import load_province, snapshot
from layers.exchange.frames import frame
from layers.ogc.collections import collections_of
from layers.ogc.config import Contact, configuration, openapi_document
from layers.ogc.parameters import problem
from layers.ogc.places import CRS84, crs_uri
from layers.ogc.running import following
from layers.ogc.server import LOOPBACK, make_app, make_view
from layers.words import LANGS
from tests.hostile import ATTACK, SCRIPT, attack_frame, attack_province, attack_snapshot
from tests.vietnamese import english

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from data._message import Lang
    from geo.snapshot import Province, Snapshot
    from layers.ogc.collections import Collection
    from layers.ogc.server import View

# pygeoapi 0.21 writes the time in a way that Python 3.12 gives up.
pytestmark = pytest.mark.filterwarnings("ignore:.*utcnow:DeprecationWarning")

LAT_LON = crs_uri("EPSG:4326")
VN_2000 = crs_uri("EPSG:9208")
MANY = 10_000
PAGES = (
    "/",
    "/openapi",
    "/conformance",
    "/collections",
    "/collections/{key}",
    "/collections/{key}/schema",
    "/collections/{key}/queryables",
    "/collections/{key}/items",
    "/collections/{key}/items/{item}",
)


def client_of(collections: Sequence[Collection]) -> FlaskClient:
    view = make_view(collections, contact=Contact("Sở Công Thương", "sct@example.vn"))
    return make_app(lambda: view, hosts=LOOPBACK).test_client()


@pytest.fixture(scope="module")
def collections(province: Province, shot: Snapshot) -> tuple[Collection, ...]:
    return collections_of([(province, shot)])


@pytest.fixture(scope="module")
def client(collections: tuple[Collection, ...]) -> FlaskClient:
    return client_of(collections)


@pytest.fixture(scope="module")
def tables(collections: tuple[Collection, ...]) -> dict[str, gpd.GeoDataFrame]:
    """Layers as frames in WGS 84, a column a field."""
    drawn = [item for item in collections if item.layers["vi"].geometry is not None]
    return {item.key: gpd.GeoDataFrame(frame(item.layers["vi"])) for item in drawn}


def items(client: FlaskClient, key: str, **parameters: Any) -> dict[str, Any]:  # noqa: ANN401
    asked = {name.replace("_crs", "-crs"): value for name, value in parameters.items()}
    reply = client.get(f"/collections/{key}/items", query_string={"limit": MANY, **asked})
    assert reply.status_code == 200, reply.text
    assert reply.content_type == "application/geo+json"
    document = reply.get_json()
    assert document["numberReturned"] == len(document["features"])
    return dict(document)


def ids(document: dict[str, Any]) -> list[str]:
    return [feature["id"] for feature in document["features"]]


def refusal(reply: TestResponse) -> str:
    """What a refused request is told."""
    assert reply.content_type == "application/json"
    document = reply.get_json()
    assert document["status"] == reply.status_code
    assert "Traceback" not in reply.text
    assert ".py" not in reply.text
    return str(document["description"])


def test_every_layer_with_records_is_a_collection(
    collections: tuple[Collection, ...], client: FlaskClient
) -> None:
    listed = client.get("/collections").get_json()["collections"]
    assert [item["id"] for item in listed] == [item.key for item in collections]
    assert {"zones", "areas", "communes", "roads", "nodes"} < {item.key for item in collections}
    assert "plots" not in {item.key for item in collections}
    for item in listed:
        assert item["storageCrs"] == CRS84
        assert item["crs"] == [CRS84, LAT_LON, VN_2000]


def test_records_are_those_of_the_files(
    collections: tuple[Collection, ...], client: FlaskClient
) -> None:
    for lang in LANGS:
        for collection in collections:
            found = items(client, collection.key, lang=lang)["features"]
            layer = collection.layers[lang]
            plain = json.loads(json.dumps(layer.records, allow_nan=False))
            assert [feature["properties"] for feature in found] == plain
            shapes = [None] * len(plain) if layer.geometry is None else list(layer.geometry)
            for feature, shape in zip(found, shapes, strict=True):
                given = feature["geometry"]
                assert (given is None) == (shape is None)
                if shape is not None:
                    apart = shapely.hausdorff_distance(shapely.geometry.shape(given), shape)
                    assert apart < 2e-7


def test_what_has_no_place_is_listed_with_a_null_geometry(
    client: FlaskClient, tables: dict[str, gpd.GeoDataFrame]
) -> None:
    lost = tables["roads"][tables["roads"].geometry.isna()]
    assert len(lost)
    given = {item["id"]: item["geometry"] for item in items(client, "roads")["features"]}
    assert [given[key] for key in lost["road_id"]] == [None] * len(lost)
    in_vn_2000 = items(client, "roads", crs=VN_2000)["features"]
    assert sum(item["geometry"] is None for item in in_vn_2000) == len(lost)
    everywhere = items(client, "roads", bbox="-180,-90,180,90")
    assert set(ids(everywhere)) == set(given) - set(lost["road_id"])
    assert items(client, "sources")["features"]
    assert items(client, "sources", bbox="-180,-90,180,90")["features"] == []
    # Across the 180th meridian: east of Nghệ An to the Pacific, and so none of it.
    assert items(client, "areas", bbox="110,-90,-110,90")["features"] == []
    placed = tables["areas"].geometry.notna().sum()
    assert len(ids(items(client, "areas", bbox="100,-90,-110,90"))) == placed


@given(data=st.data())
@settings(max_examples=40)
@example(None)
def test_boxes_choose_what_geopandas_chooses(
    client: FlaskClient, tables: dict[str, gpd.GeoDataFrame], data: st.DataObject | None
) -> None:
    key, uri, corners = "communes", VN_2000, [0.0, 0.0, 1.0, 1.0]
    if data is not None:
        key = data.draw(st.sampled_from(["zones", "areas", "communes", "roads", "nodes"]))
        uri = data.draw(st.sampled_from([CRS84, LAT_LON, VN_2000]))
        part = st.floats(-0.2, 1.2)
        corners = data.draw(st.lists(part, min_size=4, max_size=4))
    table = tables[key].to_crs("EPSG:9208") if uri == VN_2000 else tables[key]
    west, south, east, north = table.total_bounds
    x = sorted(west + (east - west) * value for value in corners[::2])
    y = sorted(south + (north - south) * value for value in corners[1::2])
    box = (y[0], x[0], y[1], x[1]) if uri == LAT_LON else (x[0], y[0], x[1], y[1])
    found = items(client, key, bbox=",".join(map(repr, map(float, box))), bbox_crs=uri)
    wanted = table[table.intersects(shapely.box(x[0], y[0], x[1], y[1]))]
    identifier = {"zones": "zone_key", "communes": "code", "roads": "road_id", "nodes": "node_id"}
    assert ids(found) == list(wanted[identifier.get(key, "id")])


def test_a_box_in_vn_2000_is_no_box_of_degrees(
    client: FlaskClient, tables: dict[str, gpd.GeoDataFrame]
) -> None:
    # Two corners turned into degrees would lose what lies between the sides and the meridians.
    table = tables["communes"].to_crs("EPSG:9208")
    back = Transformer.from_crs("EPSG:9208", "EPSG:4326", always_xy=True)
    west, south, east, north = (float(value) for value in table.total_bounds)
    lower, upper = back.transform(west, south), back.transform(east, north)
    box = f"{west},{south},{east},{north}"
    assert items(client, "communes", bbox=box, bbox_crs=VN_2000)["numberMatched"] == len(table)
    assert (
        tables["communes"].total_bounds[0] < lower[0]
        or tables["communes"].total_bounds[2] > (upper[0])
    )


def test_coordinates_in_vn_2000_are_those_of_pyproj(client: FlaskClient) -> None:
    turn = Transformer.from_crs("OGC:CRS84", "EPSG:9208").transform
    degrees = items(client, "areas")["features"]
    metres = items(client, "areas", crs=VN_2000)["features"]
    swapped = items(client, "areas", crs=LAT_LON)["features"]
    for lonlat, grid, latlon in zip(degrees, metres, swapped, strict=True):
        lon, lat = lonlat["geometry"]["coordinates"]
        # Degrees have 7 decimals, about a centimetre.
        assert grid["geometry"]["coordinates"] == pytest.approx(turn(lon, lat), abs=0.02)
        assert latlon["geometry"]["coordinates"] == [lat, lon]
    one = client.get("/collections/areas/items/na-kcn-vsip-1", query_string={"crs": VN_2000})
    assert one.headers["Content-Crs"] == f"<{VN_2000}>"
    assert one.get_json()["geometry"] in [item["geometry"] for item in metres]


def test_filters_choose_by_value(client: FlaskClient, tables: dict[str, gpd.GeoDataFrame]) -> None:
    areas = tables["areas"]
    for name in ("status", "kind", "zone_key"):
        for value, rows in areas.groupby(name):
            assert ids(items(client, "areas", **{name: value})) == list(rows["id"])
    both = areas[(areas["kind"] == "industrial_park") & (areas["status"] == "operating")]
    found = items(client, "areas", kind="industrial_park", status="operating", counted="true")
    assert ids(found) == list(both[both["counted"]]["id"])
    zone = areas["zone_keys"].dropna().str.split(";").explode().iloc[0]
    inside = areas[areas["zone_keys"].fillna("").str.split(";").map(lambda keys: zone in keys)]
    assert ids(items(client, "areas", zone_keys=zone)) == list(inside["id"])
    total = areas["total_area_ha"].dropna().iloc[0]
    exact = areas[areas["total_area_ha"] == total]
    assert ids(items(client, "areas", total_area_ha=repr(float(total)))) == list(exact["id"])
    assert ids(items(client, "areas", kind="x")) == []


def test_sorting_puts_the_unknown_last(client: FlaskClient) -> None:
    for order, sign in (("total_area_ha", 1), ("-total_area_ha", -1)):
        found = items(client, "areas", sortby=order)["features"]
        values = [item["properties"]["total_area_ha"] for item in found]
        known = [value for value in values if value is not None]
        assert values == [*known, *[None] * (len(values) - len(known))]
        assert known == sorted(known, key=lambda value: sign * value)
    found = items(client, "areas", sortby="kind,-id")["features"]
    pairs = [(item["properties"]["kind"], item["id"]) for item in found]
    assert pairs == sorted(sorted(pairs, reverse=True), key=lambda pair: pair[0])


@pytest.mark.parametrize("beside", [None, -1, 0, 1])
def test_pages_give_everything_once(client: FlaskClient, beside: int | None) -> None:
    # The last page may be full, nearly full, or the only one.
    limit = 7 if beside is None else items(client, "areas")["numberMatched"] + beside
    address = f"/collections/areas/items?limit={limit}&properties=id&lang=en"
    found: list[str] = []
    pages = 0
    while address:
        document = client.get(address).get_json()
        assert document["features"]
        found += ids(document)
        pages += 1
        links = {link["rel"]: link["href"] for link in document["links"]}
        assert ("prev" in links) == (pages > 1)
        assert ids(client.get(links["self"]).get_json()) == ids(document)
        assert parse_qs(urlsplit(links["alternate"]).query) == {
            **parse_qs(urlsplit(address).query),
            "f": ["html"],
        }
        address = links.get("next", "")
    everything = items(client, "areas")
    assert found == ids(everything)
    assert pages == -(-len(found) // limit)
    assert everything["numberMatched"] == len(found)


def test_parts_of_the_answer_can_be_left_out(client: FlaskClient) -> None:
    hits = items(client, "areas", resulttype="hits")
    assert hits["features"] == []
    assert hits["numberMatched"] == items(client, "areas")["numberMatched"]
    bare = items(client, "areas", skipGeometry="true", properties="name,kind")["features"]
    assert all(item["geometry"] is None for item in bare)
    assert all(set(item["properties"]) == {"name", "kind"} for item in bare)


def test_both_languages_by_parameter_and_by_header(
    client: FlaskClient, collections: tuple[Collection, ...]
) -> None:
    for path in ("/", "/collections/areas", "/collections/areas/schema", "/openapi"):
        vietnamese, english = client.get(path), client.get(path, query_string={"lang": "en"})
        header = client.get(path, headers={"Accept-Language": "en-GB,en;q=0.9"})
        assert vietnamese.headers["Content-Language"] == "vi"
        assert english.headers["Content-Language"] == header.headers["Content-Language"] == "en"
        assert header.text == english.text != vietnamese.text
    both = client.get("/?lang=vi", headers={"Accept-Language": "en"})
    assert both.headers["Content-Language"] == "vi"
    abouts = next(item.abouts for item in collections if item.key == "areas")
    for lang in LANGS:
        found = client.get(f"/collections/areas?lang={lang}").get_json()
        assert found["title"] == abouts[lang].title
        for text in (abouts[lang].as_of, abouts[lang].accuracy, abouts[lang].licence):
            assert text in found["description"]
        assert [link["href"] for link in found["links"] if link["rel"] == "license"]
    keywords = [
        client.get(f"/collections/areas?lang={lang}").get_json()["keywords"] for lang in LANGS
    ]
    assert "khu công nghiệp" in keywords[0]
    assert "industrial park" in keywords[1]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("statuss=operating", "statuss"),
        ("filter=status%3D'operating'", "filter"),
        ("q=x", "q:"),
        ("status=a&status=b", "status"),
        ("status=", "status"),
        ("total_area_ha=large", "a number"),
        ("total_area_ha=nan", "a number"),
        ("counted=maybe", "true or false"),
        ("bbox=1,2,3", "bbox"),
        ("bbox=nan,18,106,20", "bbox"),
        ("bbox=104,18,106,1e999", "bbox"),
        ("bbox=105,19,104,18", "corner"),
        ("bbox=9,1,2,3&bbox-crs=" + quote(VN_2000), "corner"),
        ("bbox=104,18,106,20&bbox-crs=EPSG:9208", "not supported"),
        ("bbox-crs=" + quote(VN_2000), "bbox"),
        ("crs=EPSG:9208", "not supported"),
        ("crs=" + quote(crs_uri("EPSG:32648")), "not supported"),
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=1.5", "limit"),
        ("limit=true", "limit"),
        ("offset=-1", "offset"),
        ("offset=x", "offset"),
        ("sortby=", "sortby"),
        ("sortby=-", "sortby"),
        ("sortby=nothing", "sort"),
        ("properties=nothing", "properties"),
        ("datetime=yesterday", "datetime"),
        ("f=csv", "f:"),
        ("f=jsonld", "f:"),
        ("lang=fr", "lang: one of these is expected: vi, en"),
        ("skipGeometry=perhaps", "skipGeometry"),
    ],
)
def test_wrong_parameters_are_refused(client: FlaskClient, query: str, told: str) -> None:
    reply = client.get(f"/collections/areas/items?{query}")
    assert reply.status_code == 400
    assert told in refusal(reply)
    if query.startswith("lang="):
        assert client.get(f"/?{query}").status_code == 400
        return
    vietnamese = client.get(f"/collections/areas/items?{query}&lang=vi")
    assert vietnamese.headers["Content-Language"] == "vi"
    assert not english(refusal(vietnamese))


def test_a_reader_is_refused_by_a_page(client: FlaskClient) -> None:
    for lang, told in (("vi", "không có lớp này"), ("en", "Collection not found")):
        reply = client.get(f"/collections/nothing?f=html&lang={lang}")
        assert (reply.status_code, reply.mimetype) == (404, "text/html")
        assert told in reply.text
        assert f'<html lang="{lang}">' in reply.text
    assert "Không có gì ở địa chỉ này" in client.get("/nothing?f=html").text


def test_what_is_not_there_is_not_found(client: FlaskClient) -> None:
    for path in (
        "/nothing",
        "/collections/nothing",
        "/collections/nothing/items",
        "/collections/nothing/items?x=1",
        "/collections/areas/items/nothing",
        "/collections/areas/items/..%2F..%2Fetc%2Fpasswd",
        "/processes",
        "/static/x",
    ):
        mark = "&" if "?" in path else "?"
        assert refusal(client.get(f"{path}{mark}f=json"))
        for form in ("json", "html"):
            assert client.get(f"{path}{mark}f={form}").status_code == 404, path


def test_only_reading_is_allowed(client: FlaskClient) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        reply = client.open("/collections/areas/items", method=method, data="{}")
        assert reply.status_code == 405
        refusal(reply)
    assert client.head("/collections/areas/items").status_code == 200


def test_a_fault_tells_the_client_nothing(
    collections: tuple[Collection, ...], caplog: pytest.LogCaptureFixture
) -> None:
    broken = dataclasses.replace(collections[0], places={})
    client = client_of([broken])
    reply = client.get("/collections/zones/items")
    assert reply.status_code == 500
    assert refusal(reply) == "the server could not answer this request"
    assert "KeyError" in caplog.text


def test_other_names_for_this_machine_are_refused(client: FlaskClient) -> None:
    for host in ("evil.example", "127.0.0.1.evil.example:5000", "a b", '"><script>'):
        assert client.get("/", headers={"Host": host}).status_code == 400
    for host in ("localhost:8080", "127.0.0.1:5000", "[::1]:5000"):
        document = client.get("/", headers={"Host": host}).get_json()
        assert {link["href"].split("/")[2].split("?")[0] for link in document["links"]} == {host}


def test_a_server_for_others_takes_their_name_for_it(
    collections: tuple[Collection, ...],
) -> None:
    view = make_view(collections, contact=Contact())
    client = make_app(lambda: view).test_client()
    document = client.get("/collections", headers={"Host": "gis.example.vn"}).get_json()
    assert "http://gis.example.vn/collections/areas/items" in str(document)
    assert client.get("/", headers={"Host": "a<b"}).status_code == 400


def references(value: Any) -> set[str]:  # noqa: ANN401
    if isinstance(value, dict):
        found = set().union(*(references(item) for item in value.values())) if value else set()
        return found | ({value["$ref"]} if isinstance(value.get("$ref"), str) else set())
    return set().union(*map(references, value)) if isinstance(value, list) and value else set()


def test_the_description_of_the_interface_needs_no_web(client: FlaskClient) -> None:
    document = client.get("/openapi").get_json()
    OpenAPIV30SpecValidator(document).validate()
    for reference in references(document):
        place = document
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]
    contact = document["info"]["contact"]
    assert contact["name"] == "Sở Công Thương"
    assert contact["x-ogc-serviceContact"]["emails"] == [{"value": "sct@example.vn"}]
    assert document["info"]["license"]["url"].startswith("https://")
    for path, operations in document["paths"].items():
        assert set(operations) == {"get"}, path
        filled = path.replace("{featureId}", "x")
        assert client.get(filled).status_code in {200, 404}


def test_parameters_that_are_described_are_taken(
    client: FlaskClient, collections: tuple[Collection, ...]
) -> None:
    document = client.get("/openapi").get_json()
    for collection in collections:
        described = document["paths"][f"/collections/{collection.key}/items"]["get"]["parameters"]
        for parameter in described:
            name = parameter.get("name") or parameter["$ref"].rsplit("/", 1)[1]
            wrong = problem({name: ["x"]}, "items", collection)
            assert wrong is None or "no such parameter" not in wrong
        assert problem({"nothing": ["x"]}, "items", collection)


def test_no_field_has_the_name_of_a_parameter(collections: tuple[Collection, ...]) -> None:
    words = {"bbox", "crs", "f", "filter", "lang", "limit", "offset", "properties", "q", "sortby"}
    for collection in collections:
        assert not words & {field.name for field in collection.layers["vi"].about.fields}


def test_pygeoapi_accepts_the_configuration(collections: tuple[Collection, ...]) -> None:
    for lang in LANGS:
        config = configuration(
            collections, lang=lang, url="http://127.0.0.1:5000", contact=Contact()
        )
        assert openapi_document(config)["paths"]
        for resource in config["resources"].values():
            resource["providers"][0]["data"] = "memory"
        assert validate_config(config)


def test_only_what_is_done_is_claimed(client: FlaskClient) -> None:
    classes = client.get("/conformance").get_json()["conformsTo"]
    assert len(classes) == len(set(classes))
    for wanted in (
        "ogcapi-features-1/1.0/conf/core",
        "ogcapi-features-1/1.0/conf/geojson",
        "ogcapi-features-1/1.0/conf/oas30",
        "ogcapi-features-1/1.0/conf/html",
        "ogcapi-features-2/1.0/conf/crs",
    ):
        assert any(name.endswith(wanted) for name in classes)
    assert not any("create" in name or "records" in name for name in classes)
    before = len(client.get("/conformance").data)
    assert len(client.get("/conformance").data) == before


def test_several_provinces_are_told_apart(province: Province, shot: Snapshot) -> None:
    other = load_province("ha-tinh", boundaries="bundled")
    both = collections_of([(province, shot), (other, snapshot(other, shot.as_of))])
    keys = {item.key for item in both}
    assert {"nghe-an-areas", "ha-tinh-areas"} < keys
    client = client_of(both)
    document = client.get("/collections/ha-tinh-areas").get_json()
    assert document["crs"][-1] == crs_uri("EPSG:9209")
    assert all(key.startswith("ht-") for key in ids(items(client, "ha-tinh-areas")))
    assert "Hà Tĩnh" in client.get("/").get_json()["title"]


class Page(html.parser.HTMLParser):
    """Elements, attributes and links of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.names: set[str] = set()
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.names |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]


def pages(client: FlaskClient, collections: Sequence[Collection], lang: Lang) -> list[str]:
    found = []
    for collection in collections:
        for path in PAGES:
            item = quote(next(iter(collection.numbers)), safe="")
            address = path.format(key=collection.key, item=item)
            reply = client.get(address, query_string={"f": "html", "lang": lang})
            assert reply.status_code == 200, reply.text
            assert reply.content_type == "text/html; charset=utf-8"
            policy = reply.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "script-src" not in policy
            assert reply.headers["X-Content-Type-Options"] == "nosniff"
            found.append(reply.text)
    return found


TAGS = {
    *("html", "head", "meta", "title", "style", "body", "nav", "h1", "p", "a", "ul", "li"),
    *("div", "table", "thead", "tbody", "tr", "th", "td", "code", "span", "br"),
}
NAMES = {"charset", "class", "href", "lang", "rel", "scope", "target"}


@pytest.mark.parametrize("lang", LANGS)
def test_the_next_page_for_people_goes_on_with_what_was_asked(
    client: FlaskClient, lang: Lang
) -> None:
    asked = {"kind": "industrial_cluster", "sortby": "-id"}
    wanted = ids(items(client, "areas", **asked))
    label = {"vi": "Trang sau", "en": "Next page"}[lang]
    query = urlencode({**asked, "limit": 7, "f": "html", "lang": lang})
    address, found, seen = f"/collections/areas/items?{query}", list[str](), 0
    while address:
        reply = client.get(address)
        assert (reply.status_code, reply.mimetype) == (200, "text/html")
        row = re.compile(r'href="/collections/areas/items/([^"?]+)\?')
        found += [unquote(key) for key in row.findall(reply.text)]
        turn = re.search(rf'href="([^"]+)"[^>]*>{label}<', reply.text)
        address, seen = html.unescape(turn[1]) if turn else "", seen + 1
        assert seen <= len(wanted)
    assert found == wanted
    assert seen > 1


def test_the_same_in_the_other_language_and_as_json(client: FlaskClient) -> None:
    asked = {"kind": "industrial_cluster", "limit": 5, "offset": 5}
    shown = client.get(f"/collections/areas/items?{urlencode({**asked, 'f': 'html'})}").text
    named = {html.unescape(href) for href in re.findall(r'href="([^"]+)"', shown)}
    others = {href for href in named if "offset=5" in href and "limit=5" in href}
    forms = {(parse_qs(urlsplit(href).query)["f"][0]) for href in others}
    assert forms == {"html", "json"}
    wanted = ids(items(client, "areas", **asked))
    (as_json,) = [href for href in others if "f=json" in href]
    assert [feature["id"] for feature in client.get(as_json).get_json()["features"]] == wanted


def test_pages_have_no_script_and_nothing_from_elsewhere(
    client: FlaskClient, collections: tuple[Collection, ...]
) -> None:
    for lang in LANGS:
        for text in pages(client, collections, lang):
            page = Page(text)
            assert page.tags <= TAGS
            assert page.names <= NAMES
            assert f'<html lang="{lang}">' in text
            for link in page.links:
                if link.startswith("/"):
                    assert client.get(link).status_code == 200, link
    browser = client.get("/", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert browser.content_type.startswith("text/html")
    assert "Sở Công Thương sct@example.vn" in browser.text
    english = client.get("/collections/areas/items/na-kcn-vsip-1?f=html&lang=en").text
    assert "industrial park" in english
    assert "no data" in english


@pytest.fixture(scope="module")
def hostile() -> tuple[Collection, ...]:
    """Give collections all of whose texts attack; ids and dates are checked when they are read."""
    loaded = load_province("nghe-an", boundaries="bundled")
    province = attack_province(loaded)
    communes = attack_frame(province.communes, kept=frozenset({"province_code"}))
    facts = dataclasses.replace(
        province.facts,
        nodes=province.facts.nodes.assign(source_ids=loaded.facts.nodes["source_ids"]),
        roads=province.facts.roads.assign(**loaded.facts.roads[["source_ids", "as_of"]]),
    )
    province = dataclasses.replace(province, communes=communes, facts=facts)
    plain = snapshot(province, dt.date(2026, 6, 30))
    state = attack_snapshot(plain)
    areas = state.areas.assign(**plain.areas[["source_ids", "status_as_of"]])
    return collections_of([(province, dataclasses.replace(state, areas=areas))])


def test_hostile_texts_stay_texts_in_pages(hostile: tuple[Collection, ...]) -> None:
    client = client_of(hostile)
    for lang in LANGS:
        for text in pages(client, hostile, lang):
            page = Page(text)
            assert page.tags <= TAGS
            assert page.names <= NAMES
            assert not any(link.lower().startswith("javascript") for link in page.links)
            assert f"<script>{SCRIPT}" not in text


def test_hostile_texts_come_whole_in_json(hostile: tuple[Collection, ...]) -> None:
    client = client_of(hostile)
    reply = client.get("/collections/areas/items")
    assert reply.content_type == "application/geo+json"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    names = [item["properties"]["name"] for item in reply.get_json()["features"]]
    assert len(names) > 10
    assert all(name.endswith(ATTACK) for name in names)
    for path in PAGES:
        for collection in hostile:
            item = quote(next(iter(collection.numbers)), safe="")
            reply = client.get(path.format(key=collection.key, item=item))
            assert re.match(r"application/[a-z.+]*json", reply.content_type)
            assert reply.get_json()


@given(name=st.text(), value=st.text())
@example(name="lang", value="\x00")
@example(name="lang", value="vi_VN.UTF-8")
@example(name="bbox", value=",,,")
@example(name="sortby", value=",")
def test_no_parameter_makes_the_server_fail(client: FlaskClient, name: str, value: str) -> None:
    for path in ("/", "/collections/areas", "/collections/areas/items"):
        try:
            reply = client.get(path, query_string={name: value})
        except UnicodeEncodeError:
            return
        assert reply.status_code in {200, 400}


def test_what_is_served_follows_its_stamp(collections: tuple[Collection, ...]) -> None:
    stamps = ["one", "one", "two", "three", "three"]
    loads: list[list[Collection] | Exception] = [
        list(collections[:1]),
        list(collections[:2]),
        RuntimeError("the file is gone"),
    ]

    def load() -> list[Collection]:
        found = loads.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    def keys(view: View) -> list[str]:
        return list(view.collections)

    current = following(load, lambda: stamps.pop(0), contact=Contact(), every=0.0)
    assert keys(current()) == ["zones"]
    assert keys(current()) == ["zones", "areas"]
    # What can't be made anew leaves what is there.
    assert keys(current()) == ["zones", "areas"]
    assert keys(current()) == ["zones", "areas"]
