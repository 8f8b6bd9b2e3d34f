"""What imports change in the account; and exports that are imported again."""

from __future__ import annotations

import dataclasses
import datetime as dt
import zipfile
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest

from data.facts import load_facts
from data.importing.acceptance import accept
from data.importing.intake import prepare
from data.untrusted import Sheet, read_file
from data.workspace.change import Change
from data.workspace.merge import overlaid
from geo.export import areas_geojson, to_json
from geo.import_effect import import_effect
from geo.snapshot import load_province, snapshot, with_facts

if TYPE_CHECKING:
    from pathlib import Path

    from geo.snapshot import Province, Snapshot

TODAY = dt.date(2026, 11, 21)
ACCOUNT = ["total_area_ha", "leasable_ha", "leased_ha", "available_ha", "fill_rate_pct"]


@pytest.fixture(scope="module")
def province() -> Province:
    return load_province("nghe-an")


@pytest.fixture(scope="module")
def base(province: Province) -> Snapshot:
    return snapshot(province, TODAY)


def _change(province: Province, rows: list[list[str]]) -> Change:
    cells = pd.DataFrame(rows[1:], columns=rows[0], index=range(2, len(rows) + 1))
    sheet = Sheet("1", cells, None, None, None, "CSV", 1, ())
    found = prepare(
        [sheet],
        file="r.csv",
        sha256="ab" * 32,
        facts=province.facts,
        province="nghe-an",
        today=TODAY,
    )
    return accept(found, "none").change


def test_nothing_changes_nothing(province: Province) -> None:
    assert not import_effect(province, Change(), TODAY)["changed"].any()


def test_the_rate_of_a_park_changes_its_zones_and_the_total(province: Province) -> None:
    """60 of 80 ha in Sông Dinh, of which nothing was known; worked by hand."""
    rows = [
        ["Tên KCN", "Đất công nghiệp (ha)", "Đã cho thuê (ha)", "Thời điểm", "Tình trạng"],
        ["KCN Sông Dinh", "80", "60", "30/6/2026", "đang hoạt động"],
    ]
    frame = import_effect(province, _change(province, rows), TODAY)
    changed = {
        (row["level"], row["key"], row["field"]): row
        for row in frame[frame["changed"]].to_dict("records")
    }
    area = "na-kcn-song-dinh"
    assert changed["area", area, "fill_rate_pct"]["after"] == pytest.approx(75)
    assert changed["area", area, "leased_ha"]["after"] == pytest.approx(60)
    total = {field: row for (level, _, field), row in changed.items() if level == "total"}
    assert total["leasable_ha"]["change"] == pytest.approx(80)
    assert total["leased_ha"]["change"] == pytest.approx(60)
    assert {key for level, key, _ in changed if level == "area"} == {area}
    assert any(level == "zone" for level, _, _ in changed)


def _bare(province: Province) -> Province:
    """Give the province without any figure of its areas."""
    facts = province.facts
    ours = set(province.areas.index)
    left = facts.observations[~facts.observations["area_id"].isin(ours)].reset_index(drop=True)
    return with_facts(province, dataclasses.replace(facts, observations=left))


def _again(province: Province, path: Path) -> Snapshot:
    """Import a file into the province without figures."""
    bare = _bare(province)
    found = prepare(
        read_file(path),
        file=path.name,
        sha256="cd" * 32,
        facts=bare.facts,
        province="nghe-an",
        today=TODAY,
    )
    assert [one for one in found.findings if one.severity == "error"] == []
    change = accept(found, "none").change
    return snapshot(with_facts(bare, overlaid(bare.facts, [("f", change)])), TODAY)


def _same(one: Snapshot, other: Snapshot) -> None:
    for before, after in ((one.zones, other.zones), (one.areas, other.areas)):
        pd.testing.assert_frame_equal(
            pd.DataFrame(before[ACCOUNT]).astype(float),
            pd.DataFrame(after[ACCOUNT]).astype(float),
            check_exact=False,
            rtol=1e-12,
        )


def test_an_exported_province_comes_back_to_the_last_digit(
    province: Province, base: Snapshot, tmp_path: Path
) -> None:
    path = tmp_path / "areas.geojson"
    path.write_text(to_json(areas_geojson(base)), encoding="utf-8")
    _same(base, _again(province, path))


def test_facts_are_left_alone(province: Province) -> None:
    before = load_facts().observations
    _change(province, [["Tên KCN", "Đã cho thuê (ha)"], ["KCN Nam Cấm", "100"]])
    pd.testing.assert_frame_equal(province.facts.observations, before)


@pytest.mark.parametrize("name", ["areas.gpkg", "areas.zip"])
def test_figures_come_back_through_map_formats(
    province: Province, base: Snapshot, tmp_path: Path, name: str
) -> None:
    """Plain columns, shortened in a Shapefile, points in VN-2000: the pairs are the same."""
    areas = base.areas[base.areas["leased_ha"].notna() & base.areas["leasable_ha"].notna()]
    frame = gpd.GeoDataFrame(
        areas[["name_vi", "total_area_ha", "leasable_ha", "leased_ha"]].astype(
            {"total_area_ha": float, "leasable_ha": float, "leased_ha": float}
        ),
        geometry=areas.geometry,
    ).to_crs(base.resolution.crs)
    frame["as_of"] = "2026-01-31"
    path = tmp_path / name
    if name.endswith("zip"):
        short = frame.rename(columns={c: c[:10] for c in frame.columns if c != "geometry"})
        short.to_file(tmp_path / "areas.shp", encoding="UTF-8")
        with zipfile.ZipFile(path, "w") as archive:
            for part in tmp_path.glob("areas.*"):
                if part != path:
                    archive.write(part, part.name)
    else:
        frame.to_file(path, driver="GPKG")
    back = _again(province, path).areas.loc[frame.index, ["leasable_ha", "leased_ha"]]
    pd.testing.assert_frame_equal(
        pd.DataFrame(back).astype(float),
        pd.DataFrame(frame[["leasable_ha", "leased_ha"]]),
        check_exact=False,
        rtol=1e-12,
    )
