"""Maps as files: what they show, how far they reach, and that texts stay texts."""

from __future__ import annotations

import dataclasses
import io
import shutil
import subprocess
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_hex
from matplotlib.patches import PathPatch
from PIL import Image

from geo.crs import WGS84
from geo.snapshot import load_province
from layers import style
from layers.map_files.canvas import _letters, printable, width_mm, wrapped
from layers.map_files.content import subtitle
from layers.map_files.ground import FRAME, view_of
from layers.map_files.margin import nice_length
from layers.map_files.sheet import map_figure, map_pdf, map_png
from layers.map_files.signs import spread
from layers.payload import EAST_LIMIT, drawn_outlines
from layers.report.charts import LandBar, RateBar, land_picture, rate_picture
from layers.words import words
from tests.hostile import attack_province, attack_snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from geo.snapshot import Province, Snapshot


def pdf_text(content: bytes, folder: Path) -> str:
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed")
    path = folder / "map.pdf"
    path.write_bytes(content)
    done = subprocess.run(
        ["pdftotext", "-layout", path, "-"],
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    return done.stdout


def test_a_picture_is_a_sheet_of_a4_and_the_same_each_time(
    province: Province,
    shot: Snapshot,
) -> None:
    content = map_png(province, shot, lang="vi")
    image = Image.open(io.BytesIO(content))
    assert image.format == "PNG"
    assert image.size == (int(297 / 25.4 * 200), int(210 / 25.4 * 200))
    assert len(image.convert("RGB").getcolors(1 << 24) or ()) > 100
    assert map_png(province, shot, lang="vi") == content


@pytest.mark.parametrize(
    ("lang", "texts"),
    [
        (
            "vi",
            (
                "Nghệ An: tỷ lệ lấp đầy khu, cụm công nghiệp theo vùng",
                "Số liệu đã biết đến ngày 30/06/2026",
                "địa giới gần đúng",
                "chưa có số liệu",
                "VN-2000",
                "km",
                "khoảng 1:",
                "OpenStreetMap",
                "Cỡ ký hiệu theo tổng diện tích, không phải ranh giới",
            ),
        ),
        ("en", ("Figures known by 30/06/2026", "approximate boundaries", "no data", "A: 12-85 %")),
    ],
)
def test_a_page_says_what_a_map_must_say(
    province: Province,
    shot: Snapshot,
    tmp_path: Path,
    lang: str,
    texts: tuple[str, ...],
) -> None:
    content = map_pdf(province, shot, lang=lang)  # type: ignore[arg-type]
    assert map_pdf(province, shot, lang=lang) == content  # type: ignore[arg-type]
    said = " ".join(pdf_text(content, tmp_path).split())
    for text in texts:
        assert text in said


def map_extent(province: Province) -> tuple[float, float, float, float]:
    """Give west, south, east, north of what a map shows, in degrees."""
    crs = province.resolution.crs
    view = view_of(drawn_outlines(province.communes, province.zones).to_crs(crs), crs)
    left, bottom, right, top = FRAME
    frame = shapely.box(
        view.west,
        view.south,
        view.west + (right - left) * view.scale,
        view.south + (top - bottom) * view.scale,
    )
    shown = gpd.GeoSeries([shapely.segmentize(frame, 10_000)], crs=crs).to_crs(WGS84)
    west, south, east, north = (float(value) for value in shown.total_bounds)
    return west, south, east, north


@pytest.mark.parametrize("key", ["nghe-an", "ha-tinh", "quang-ninh", "tuyen-quang"])
def test_no_map_reaches_the_islands_of_the_east_sea(key: str) -> None:
    province = load_province(key)
    west, south, east, north = map_extent(province)
    least_lon, least_lat, most_lon, most_lat = province.zones.total_bounds
    assert west < least_lon < most_lon < east <= EAST_LIMIT
    assert south < least_lat
    assert most_lat < north


def test_zones_have_the_colours_and_hatches_of_the_screen(
    province: Province,
    shot: Snapshot,
) -> None:
    _, ground = map_figure(province, shot, lang="vi").axes
    filled = [
        patch
        for patch in ground.patches
        if isinstance(patch, PathPatch) and patch.get_fill() and patch.get_zorder() == 1
    ]
    base = shot.zones[shot.zones["group"] == "base_partition"]
    signs = [style.zone_sign(row) for row in base.to_dict("records")]  # type: ignore[arg-type]
    assert [to_hex(patch.get_facecolor()) for patch in filled] == [sign["fill"] for sign in signs]
    assert [bool(patch.get_hatch()) for patch in filled] == [bool(sign["stripe"]) for sign in signs]


def test_a_formula_in_a_name_stays_a_text(
    province: Province,
    shot: Snapshot,
    tmp_path: Path,
) -> None:
    zones = shot.zones.copy()
    zones["name_vi"] = r"$\frac{1}{2}$ \alpha $"
    content = map_pdf(province, dataclasses.replace(shot, zones=zones), lang="vi")
    assert r"$\frac{1}{2}$ \alpha $" in pdf_text(content, tmp_path)


def test_a_map_of_a_scenario_says_so(province: Province, shot: Snapshot) -> None:
    state = next(iter(shot.states.values()))
    states = {**shot.states, state.area_id: dataclasses.replace(state, assumed=True)}
    assumed = dataclasses.replace(shot, states=states)
    w = words("en")
    assert subtitle(shot, w) == "Figures known by 30/06/2026. Boundaries: approximate boundaries."
    assert subtitle(assumed, w).endswith("Holds assumptions of a scenario: not facts.")
    page, _ = map_figure(province, assumed, lang="en").axes
    assert subtitle(assumed, w) in [text.get_text() for text in page.texts]


def test_attacks_are_drawn_as_text(province: Province, shot: Snapshot) -> None:
    assert map_png(attack_province(province), attack_snapshot(shot), lang="en")[:4] == b"\x89PNG"


@given(st.text())
def test_printable_texts_have_only_letters_of_the_font(text: str) -> None:
    found = printable(text)
    assert {ord(letter) for letter in found} <= _letters()
    assert printable(found) == found


@given(st.text(min_size=1), st.floats(20.0, 100.0), st.integers(0, 3))
def test_lines_fit_their_width(text: str, wide: float, most: int) -> None:
    lines = wrapped(text, wide, 7.0, most=most)
    assert all(width_mm(line, 7.0) <= wide + 3.0 for line in lines)
    assert not most or len(lines) <= most


@given(
    st.lists(st.tuples(st.floats(0, 50), st.floats(0, 50), st.floats(0.5, 3)), max_size=12),
    st.floats(1.0, 10.0),
)
def test_no_symbol_moves_farther_than_it_may(
    rows: list[tuple[float, float, float]],
    reach: float,
) -> None:
    places = np.array([row[:2] for row in rows], dtype=float).reshape(-1, 2)
    moved = spread(places, [row[2] for row in rows], reach)
    assert (np.hypot(*(moved - places).T) <= reach + 1e-9).all()
    assert np.array_equal(moved, spread(places, [row[2] for row in rows], reach))


@given(st.floats(1.0, 1e7))
def test_a_scale_bar_has_a_round_length_that_fits(metres: float) -> None:
    length = nice_length(metres)
    assert length <= metres < 2.5 * length
    assert f"{length:.0e}"[0] in "125"


def test_charts_draw_the_unknown_too() -> None:
    w = words("vi")
    bars = [
        RateBar("A", "12-85 %", 12.0, 85.0, 47.9),
        RateBar("$x$", "chưa có số liệu", None, None, None),
        RateBar("C", "100 %", 100.0, 100.0, None),
        RateBar("D", "chưa có khu, cụm", None, None, None, empty=True),
    ]
    assert rate_picture(bars, w) == rate_picture(bars, w)
    assert rate_picture(bars, w) != rate_picture([bars[0]._replace(low=20.0), *bars[1:]], w)
    land = [LandBar("A", "", 3.0, 4.0, 5.0), LandBar("B", "", None, float("nan"), None)]
    assert land_picture(land, w)[:4] == b"\x89PNG"
