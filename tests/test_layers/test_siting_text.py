"""Siting checks in words, and the command that prints them."""

import datetime as dt
import json
import re
from pathlib import Path

import pytest
import shapely
from typer.testing import CliRunner

from geo.__main__ import app
from geo._siting_rules import Sentence
from geo.siting import Ground, SiteError, check_site, lay_ground
from geo.snapshot import load_province, snapshot
from layers.sites.text import (
    CHANGE,
    SENTENCE,
    SITE_ERROR,
    change_text,
    sentence_text,
    site_error_text,
    siting_text,
)
from layers.words import LANGS

GEO = Path(__file__).resolve().parents[2] / "geo"
ASK = ["check-site", "--province", "nghe-an", "--boundaries", "bundled", "--as-of", "2026-11-21"]
SITES = [
    (shapely.Point(105.66, 18.80), "electronics", False),
    (shapely.Point(105.45, 18.98), "electronics", False),
    (shapely.Point(105.45, 18.98), "energy", False),
    (shapely.Point(105.45, 18.98), "beverages", True),
    (shapely.Point(104.30, 19.40), "handicraft", False),
    (shapely.Point(105.12, 18.80), "wood_processing", True),
    (shapely.Point(105.12, 18.80), "garment_footwear", False),
    (shapely.Point(106.6, 18.9), "electronics", False),
    (shapely.Point(103.2, 19.45), "electronics", False),
    (shapely.Point(105.90, 18.34), "electronics", False),
    (shapely.box(105.3, 18.8, 105.6, 19.0), "semiconductor", False),
    (shapely.box(103.7, 19.2, 104.6, 19.6), "handicraft", False),
    ("na-kcn-wha-1", "rubber", False),
    ("na-kcn-wha-2", None, False),
    ("na-kcn-vsip-2", "mineral_processing", False),
    ("na-kcn-song-dinh", "wood_processing", False),
    ("na-ccn-nam-giang", "agro_food_processing", False),
]


@pytest.fixture(scope="module")
def ground() -> Ground:
    province = load_province("nghe-an", boundaries="bundled")
    return lay_ground(snapshot(province, dt.date(2026, 11, 21)))


def test_every_code_of_a_sentence_has_words() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in GEO.glob("*siting*.py"))
    codes = set(re.findall(r'Sentence\(\s*"(\w+)"', text))
    codes |= set(re.findall(r'say\(\s*resolution,\s*"(\w+)"', text))
    codes |= set(re.findall(r'return "(\w+)", "\w+"', text))
    codes |= set(re.findall(r'_stance\(resolution, "(\w+)"', text))
    codes |= set(re.findall(r'code = "(\w+)"', text))
    assert codes <= set(SENTENCE), codes - set(SENTENCE)
    assert set(re.findall(r'_change\("(\w+)"', text)) == set(CHANGE)
    read = "".join((GEO / name).read_text("utf-8") for name in ("_sites.py", "_ground.py"))
    assert set(re.findall(r'code="(\w+)"', read)) == set(SITE_ERROR)


@pytest.mark.parametrize(("site", "trade", "raw"), SITES)
def test_sentences_are_whole(ground: Ground, site: object, trade: str, raw: bool) -> None:  # noqa: FBT001
    result = check_site(ground, site, trade=trade, raw_material_area=raw)  # type: ignore[arg-type]
    for sentence in result.sentences:
        vi, en = (sentence_text(sentence, "nghe-an", lang=lang) for lang in LANGS)
        assert vi != en
        for text in (vi, en):
            assert not re.search(r"[{}]|None|nan|  |\(\)", text), text
    for change in result.would_change:
        for lang in LANGS:
            assert not re.search(r"[{}]|None|nan", change_text(change, "nghe-an", lang=lang))
    for lang in LANGS:
        assert siting_text(result, lang=lang)


def test_errors_in_words(ground: Ground) -> None:
    with pytest.raises(SiteError) as caught:
        check_site(ground, shapely.Point(18.8, 105.66))
    assert site_error_text(caught.value, lang="vi").startswith("Có vẻ kinh độ và vĩ độ bị đổi chỗ")
    assert site_error_text(caught.value, lang="en").startswith("Longitude and latitude seem")
    with pytest.raises(SiteError) as caught:
        check_site(ground, shapely.box(102.5, 8, 116.5, 23))
    text = site_error_text(caught.value, lang="vi")
    assert text.startswith("Đa giác trải rộng hơn cả tỉnh: rộng 1.552 km")
    assert "không quá 203 km" in text


def test_command_gives_json() -> None:
    asked = ["--lon", "105.45", "--lat", "18.98", "--industry", "26", "--format", "json"]
    result = CliRunner().invoke(app, [*ASK, *asked, "--lang", "en"])
    assert result.exit_code == 0, result.output
    record = json.loads(result.stdout)
    assert (record["verdict"], record["trade"]["tag"]) == ("does_not_fit", "electronics")
    rule = next(row for row in record["sentences"] if row["code"] == "rule_forbids")
    assert rule["citation_en"] == "07-NQ/TU, section III.8, second dash"
    assert rule["text"].startswith("Rule: No industrial-production project outside")
    assert {"place", "nearest", "would_change", "boundary_source"} <= set(record)


def test_command_gives_text(tmp_path: Path) -> None:
    polygon = tmp_path / "site.geojson"
    polygon.write_text(shapely.to_geojson(shapely.box(105.44, 18.97, 105.45, 18.98)), "utf-8")
    result = CliRunner().invoke(app, [*ASK, "--polygon", str(polygon), "--industry", "điện tử"])
    assert result.exit_code == 0, result.output
    assert "Kết luận: không phù hợp" in result.stdout
    assert "07-NQ/TU, mục III.8, gạch đầu dòng thứ hai" in result.stdout


@pytest.mark.parametrize(
    ("asked", "code", "message"),
    [
        (["--lon", "18.98", "--lat", "105.45"], 1, "đổi chỗ"),
        (["--lon", "105.45"], 2, "--lon with --lat"),
        ([], 2, "--lon with --lat"),
        (["--area", "na-none"], 1, "na-none"),
        (["--area", "na-kcn-wha-1", "--industry", "chế biến"], 1, "several trades"),
        (["--polygon", "no-such-file.geojson"], 1, "no-such-file.geojson"),
    ],
)
def test_command_refuses(asked: list[str], code: int, message: str) -> None:
    result = CliRunner().invoke(app, [*ASK, *asked])
    assert result.exit_code == code
    assert message in result.stderr


def test_a_zone_that_only_may_hold_a_point_is_not_given_a_share() -> None:
    sentence = Sentence("in_zone", "note", {"zone_key": "na-a", "share": 0.0})
    assert "có thể thuộc:" in sentence_text(sentence, "nghe-an", lang="vi")
    whole = Sentence("in_zone", "note", {"zone_key": "na-a", "share": 1.0})
    assert "%" not in sentence_text(whole, "nghe-an", lang="en")
