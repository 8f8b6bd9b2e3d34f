import os
import re
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from data import boundaries
from data._errors import DataError, UnknownNameError
from data.boundaries import (
    PRODUCT,
    boundary_source,
    check_communes,
    load_communes,
    outlines,
)
from data.boundaries._topology import Repairs
from data.boundaries.local_copy import import_copy
from data.boundaries.matching import Match, System
from data.boundaries.official import CACHE_VARIABLE
from data.boundaries.outlines import load_outlines
from data.boundaries.own import OwnBoundaries
from data.resolutions import load_resolution
from data.units.gazetteer import communes_2025
from tests.benchmarks.measure_boundaries import compared

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = (
    Path(os.environ.get("INDUSTRIAL_LAND_REFERENCE", ROOT.parent / "shared" / "reference"))
    / "official_boundaries"
)
needs_reference = pytest.mark.skipif(
    not REFERENCE.is_dir(), reason=f"no official boundaries at {REFERENCE}"
)
COMMUNES = {"40": 130, "42": 69, "22": 54, "08": 124}
# Measured, less 0.01.
LEAST_ZONE_IOU = {
    "nghe-an": {"na-a": 0.919, "na-b": 0.893, "na-c": 0.929, "na-d": 0.946},
    "ha-tinh": {"ht-bac": 0.92, "ht-nam": 0.902, "ht-tay": 0.95, "ht-trung": 0.901},
    "quang-ninh": {"qn-dong": 0.863, "qn-tam": 0.739, "qn-tay": 0.88},
    "tuyen-quang": {
        "tq-dong": 0.893,
        "tq-nam": 0.904,
        "tq-ql2": 0.904,
        "tq-thanhthuy": 0.883,
        "tq-vungcao": 0.941,
    },
}


@pytest.fixture
def product(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A place for another product, read instead of the committed one."""
    path = tmp_path / "communes.parquet"
    monkeypatch.setattr(boundaries, "PRODUCT", path)
    yield path
    boundaries._bundled.cache_clear()


@pytest.fixture
def communes() -> gpd.GeoDataFrame:
    return gpd.read_parquet(PRODUCT)


@pytest.mark.parametrize(("code", "count"), COMMUNES.items())
def test_every_commune_of_a_province_has_an_outline(code: str, count: int) -> None:
    here = load_communes(code)
    expected = communes_2025().query("province_code == @code")
    assert len(here) == count
    assert set(here.index) == set(expected.index)
    assert (here["name"] == expected["name"].reindex(here.index)).all()
    assert here.crs == "EPSG:4326"
    assert here.is_valid.all()
    assert not here.is_empty.any()


def test_communes_of_all_provinces_share_their_borders(communes: gpd.GeoDataFrame) -> None:
    assert shapely.coverage_is_valid(communes.geometry.to_numpy())


def test_a_loaded_layer_is_the_callers_own() -> None:
    load_communes("40")["name"] = ""
    assert (load_communes("40")["name"] != "").all()


def test_the_product_is_light() -> None:
    assert PRODUCT.stat().st_size < 1_000_000


def test_the_source_tells_what_it_is() -> None:
    source = boundary_source("bundled")
    assert "OpenStreetMap" in source.attribution
    assert source.accuracy_vi
    assert source.accuracy_en


@pytest.mark.parametrize("system", ["2025", "legacy"])
@pytest.mark.parametrize("repaired", [0, 2])
def test_every_source_tells_its_accuracy_in_whole_sentences(
    system: System, repaired: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The attribution and others follow it."""
    file = tmp_path / "xã.geojson"
    file.touch()
    own = OwnBoundaries(
        load_communes("40"),
        Match((), system, 130, 0, ("A",), (), ("B",)),
        Repairs(("1",) * repaired, (), repaired, 0.0, 0, ()),
        "EPSG:4326",
    )
    monkeypatch.setattr(outlines, "read_own", lambda *_: own)
    monkeypatch.setattr(f"{outlines.__name__}.official.read_communes", load_communes)
    quality = {"outline_difference": {"area": -0.0002}}
    monkeypatch.setattr(f"{outlines.__name__}.official.quality", lambda _: quality)
    for chosen in ("bundled", "official", str(file)):
        source = load_outlines("40", chosen).source
        for accuracy in (source.accuracy_vi, source.accuracy_en):
            assert re.search(r"\w\.$", accuracy), accuracy
            assert accuracy[0].isupper()
            assert not re.search(r"\.\.|; [A-ZĐ]|\. [a-zđ]", accuracy), accuracy
        assert not any(name.endswith(".") for name in (source.name_vi, source.name_en))


def test_unknown_names_are_refused() -> None:
    with pytest.raises(UnknownNameError, match="bundled"):
        boundary_source("atlantis")
    with pytest.raises(UnknownNameError, match="22, 40, 42"):
        load_communes("99")


def test_a_missing_product_is_reported(product: Path) -> None:
    with pytest.raises(DataError, match=rf"{product.name}: found no such file; expected"):
        load_communes("40")


@pytest.mark.parametrize("content", [b"", b"PAR1 no parquet", PRODUCT.read_bytes()[:5000]])
def test_a_broken_product_is_reported(product: Path, content: bytes) -> None:
    product.write_bytes(content)
    with pytest.raises(DataError, match="cannot be read"):
        load_communes("40")


def test_a_table_without_geometry_is_reported(product: Path, communes: gpd.GeoDataFrame) -> None:
    communes.drop(columns="geometry").to_parquet(product)
    with pytest.raises(DataError, match="cannot be read"):
        load_communes("40")


def test_all_findings_of_a_layer_are_listed(communes: gpd.GeoDataFrame) -> None:
    codes = communes.index.to_list()
    crossed = shapely.from_wkt("POLYGON ((0 0, 1 1, 1 0, 0 1, 0 0))")
    shapes = communes.geometry.to_dict() | {codes[1]: crossed}
    communes = communes.set_geometry(gpd.GeoSeries(shapes, crs=communes.crs))
    communes = communes.drop(codes[0]).rename(index={codes[2]: "99999"})
    found = [(finding.row, finding.field) for finding in check_communes(communes, "layer")]
    assert sorted(found) == sorted(
        [("99999", "code"), (codes[0], "code"), (codes[2], "code"), (codes[1], "geometry")]
    )


def test_a_layer_in_another_crs_or_without_columns_is_reported(communes: gpd.GeoDataFrame) -> None:
    [finding] = check_communes(communes.to_crs("EPSG:9208"), "layer")
    assert finding.expected == "EPSG:4326"
    [finding] = check_communes(communes.drop(columns="name"), "layer")
    assert finding.field == "name"


@pytest.fixture(scope="module")
def official(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(CACHE_VARIABLE, str(tmp_path_factory.mktemp("official")))
        import_copy(REFERENCE, provinces=list(LEAST_ZONE_IOU))
        yield


@needs_reference
@pytest.mark.usefixtures("official")
@pytest.mark.parametrize("province", LEAST_ZONE_IOU)
def test_zones_agree_with_official_boundaries(province: str) -> None:
    found = {row["zone"]: row["iou"] for row in compared(load_resolution(province))}
    least = LEAST_ZONE_IOU[province]
    assert set(found) == set(least)
    assert {zone: iou for zone, iou in found.items() if iou < least[zone]} == {}
