"""Archives of plots are made aside, found again, tidied away; the page says what it can't do."""

from __future__ import annotations

import dataclasses
import importlib.util
import os
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from geo.plot_layer import province_plots
from geo.plot_tiles import ENDING, FAILED
from geo.snapshot import snapshot, with_facts
from layers import plot_map, store
from layers.plot_map import plot_lines, plots_payload, too_many
from layers.plot_tiles import making, view
from layers.plot_tiles.making import Making, tidy
from layers.words import words
from tests.test_geo.parcels import parcels, with_parcels

if TYPE_CHECKING:
    from geo.snapshot import Province, Snapshot

ROOT = Path(__file__).resolve().parents[2]
VSIP, NAM_CAM = "na-kcn-vsip-1", "na-kcn-nam-cam"
needs_tiler = pytest.mark.skipif(
    importlib.util.find_spec("freestiler") is None, reason="requirements-tiles.txt isn't installed"
)


def two_areas() -> gpd.GeoDataFrame:
    frames = [parcels(30, area_id=VSIP), parcels(60, area_id=NAM_CAM, seed=2)]
    return gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs="EPSG:4326")


def finished(made: Making) -> Making:
    made.ask()
    end = time.monotonic() + 60
    while made.active and time.monotonic() < end:
        time.sleep(0.02)
    return made


@needs_tiler
def test_archives_are_made_once_for_each_area(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "tiles"
    made = finished(Making(two_areas, place))
    assert (made.phase, set(made.ready()), made.lacking()) == ("done", {VSIP, NAM_CAM}, [])
    assert {path.suffix for path in place.iterdir()} == {ENDING}
    calls: list[list[str]] = []
    run = subprocess.run

    def count(command: list[str], **options: object) -> object:
        calls.append([path.name for path in Path(command[3]).iterdir()])
        return run(command, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(making.subprocess, "run", count)  # type: ignore[attr-defined]
    again = finished(Making(two_areas, place))
    assert again.ready() == made.ready()
    assert calls == []
    changed = two_areas()
    changed.loc[0, "status"] = "reserved"
    other = finished(Making(lambda: changed, place))
    assert [len(files) for files in calls] == [1]
    assert other.files[NAM_CAM] == made.files[NAM_CAM]
    assert other.files[VSIP] != made.files[VSIP]
    made.files[VSIP].write_bytes(b"PMTiles, or what is left of it")
    again = Making(two_areas, place)
    again.files = made.files
    assert set(again.ready()) == {NAM_CAM}
    assert not made.files[VSIP].exists()
    assert set(finished(made).ready()) == {VSIP, NAM_CAM}


def test_a_very_large_area_has_several_archives_of_neighbours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(making, "MOST_PLOTS", 40)
    plots = two_areas()
    shared = making.parts(plots)
    assert {part: len(mine) for part, mine in shared.items()} == {
        f"{NAM_CAM}/0": 30,
        f"{NAM_CAM}/1": 30,
        VSIP: 30,
    }
    assert {making.area_of(part) for part in shared} == {VSIP, NAM_CAM}
    again = pd.concat(shared.values()).sort_index()
    expected = pd.DataFrame(plots[list(again.columns)])
    pd.testing.assert_frame_equal(pd.DataFrame(again), expected)
    hulls = [mine.union_all().convex_hull for part, mine in shared.items() if "/" in part]
    assert hulls[0].intersection(hulls[1]).area < 0.5 * hulls[0].area


def test_what_fails_is_told_and_not_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[object] = []

    def fail(command: list[str], **_: object) -> None:
        calls.append(command)
        raise subprocess.CalledProcessError(1, command)

    monkeypatch.setattr(making.subprocess, "run", fail)  # type: ignore[attr-defined]
    made = finished(Making(two_areas, tmp_path))
    assert (made.phase, made.ready()) == ("failed", {})
    assert finished(made).phase == "failed"
    assert len(calls) == 1
    for path in made.files.values():
        path.with_suffix(FAILED).touch()
    assert made.impossible() == list(made.files)
    assert finished(Making(two_areas, tmp_path)).phase == "done"
    assert len(calls) == 1


def test_what_nobody_waits_for_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "_FORGOTTEN_S", -1.0)
    made = finished(Making(two_areas, tmp_path))
    assert (made.phase, made.files) == ("new", {})


def test_old_archives_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def put(name: str, days: float, size: int = 100) -> Path:
        path = tmp_path / name
        path.write_bytes(b"x" * size)
        then = time.time() - days * 86_400
        os.utime(path, (then, then))
        return path

    new, month, kept = put("a.pmtiles", 1), put("b.pmtiles", 40), put("c.pmtiles", 40)
    failed, other = put("d.failed", 40), put("e.txt", 40)
    tidy(tmp_path, keep=[kept])
    assert [path.exists() for path in (new, month, kept, failed, other)] == [1, 0, 1, 0, 1]
    older = put("f.pmtiles", 2)
    monkeypatch.setattr(making, "KEPT_BYTES", 150)
    tidy(tmp_path, keep=[kept])
    assert [path.exists() for path in (new, older, kept)] == [1, 0, 1]


@pytest.fixture(scope="module")
def large(province: Province, shot: Snapshot) -> Snapshot:
    facts = with_parcels(province.facts, 60, [(VSIP, 105.7, 18.75), (NAM_CAM, 105.6, 18.8)])
    return snapshot(with_facts(province, facts), shot.as_of)


def test_of_too_many_plots_only_those_of_the_selected_area_are_drawn(
    large: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    w = words("vi")
    whole = plots_payload(large, w)
    assert whole is not None
    assert (too_many(large), len(whole["features"])) == (0, 60)
    monkeypatch.setattr(plot_map, "MOST", 40)
    assert too_many(large) == 60
    assert plots_payload(large, w) is None
    mine = plots_payload(large, w, area_id=VSIP)
    assert mine is not None
    assert len(mine["features"]) == 30
    assert all(feature["id"].startswith(f"{VSIP}/") for feature in mine["features"])
    assert plots_payload(large, w, area_id=VSIP, tiled=True) is None


def test_a_plot_of_a_tile_has_the_card_that_it_has_when_drawn(large: Snapshot) -> None:
    w = words("en")
    drawn = plots_payload(large, w)
    assert drawn is not None
    for feature in drawn["features"][::7]:
        area_id, plot_id = feature["id"].split("/")
        lines = plot_lines(large, w, area_id=area_id, plot_id=plot_id)
        assert lines == feature["properties"]["tip"]
    assert plot_lines(large, w, area_id=VSIP, plot_id="none") == []


def test_plots_of_one_area_are_those_of_the_province(large: Snapshot) -> None:
    fresh = dataclasses.replace(large, register=None)
    for snapshot_ in (large, fresh):
        mine = province_plots(snapshot_, area_id=VSIP)
        whole = province_plots(snapshot_)
        expected = whole[whole["area_id"] == VSIP].reset_index(drop=True)
        pd.testing.assert_frame_equal(pd.DataFrame(mine), pd.DataFrame(expected))
        assert province_plots(snapshot_, area_id="nowhere").empty


@pytest.mark.parametrize(
    ("lang", "packages", "said"),
    [
        ("vi", False, ["60 lô là quá nhiều", "pip install -r requirements-tiles.txt"]),
        ("en", True, ["60 plots are too many", "streamlit run app.py"]),
    ],
)
def test_the_page_says_why_it_has_no_tiles(
    large: Snapshot,
    monkeypatch: pytest.MonkeyPatch,
    lang: str,
    packages: bool,  # noqa: FBT001
    said: list[str],
) -> None:
    monkeypatch.setattr(plot_map, "MOST", 40)
    monkeypatch.setattr(view, "can_make", lambda: packages)
    monkeypatch.setattr(store, "snapshot", lambda *_: large)
    store.snapshot_of.clear()
    store.too_many_plots.clear()
    store.plots_of.clear()
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["lang"] = lang
    app.run()
    assert not app.exception
    shown = " ".join(html.proto.body for html in app.get("html"))
    for part in said:
        assert part in shown
    for cache in (store.snapshot_of, store.too_many_plots, store.plots_of):
        cache.clear()
