"""Boundary sources behind one interface: chosen, named in every result, summed exactly."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import shapely
from typer.testing import CliRunner

from data._errors import DataError, UnknownNameError
from data._frames import rows
from data.boundaries import official
from data.boundaries.local_copy import import_copy
from data.boundaries.outlines import default_source, load_outlines
from geo.__main__ import app
from geo.crs import area_ha
from geo.snapshot import load_province
from tests.test_data.outlines import communes, old_communes, repository, write_sums

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = (
    Path(os.environ.get("INDUSTRIAL_LAND_REFERENCE", ROOT.parent / "shared" / "reference"))
    / "official_boundaries"
)
needs_reference = pytest.mark.skipif(
    not REFERENCE.is_dir(), reason=f"no official boundaries at {REFERENCE}"
)
SUMMED = 1e-6  # of the union


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Official boundaries of Hà Tĩnh in the cache, made for the test."""
    monkeypatch.setenv(official.CACHE_VARIABLE, str(tmp_path / "cache"))
    files = repository()
    monkeypatch.setattr(official, "SUMS", write_sums(files, tmp_path / "sums.txt"))
    for path, body in files.items():
        (tmp_path / "copy" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "copy" / path).write_bytes(body)
    import_copy(tmp_path / "copy")
    return tmp_path


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Official boundaries of the four provinces in the cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(official.CACHE_VARIABLE, str(tmp_path_factory.mktemp("official")))
        import_copy(REFERENCE)
        yield


def _json(*arguments: str) -> Any:  # noqa: ANN401
    result = CliRunner().invoke(app, [*arguments, "--format", "json"])
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


@pytest.mark.usefixtures("made")
def test_official_boundaries_are_used_once_they_are_here() -> None:
    assert (default_source("42"), default_source("40")) == ("official", "bundled")
    assert load_outlines("42").source.key == "official"
    assert load_outlines("42", "bundled").source.key == "bundled"
    with pytest.raises(DataError, match="boundaries fetch --province 40"):
        load_outlines("40", "official")


def test_every_result_names_its_boundaries(made: Path) -> None:
    ha_tinh = ("--province", "ha-tinh", "--as-of", "2026-06-30")
    own = made / "xã.geojson"
    own.write_text(communes().to_json(), encoding="utf-8")
    for chosen, key, words in (
        ([], "official", "+0,00%"),
        (["--boundaries", "bundled"], "bundled", ""),
        (["--boundaries", str(own)], "own", "69 vùng khớp theo mã"),
    ):
        for command in ("zones",) if chosen else ("zones", "areas", "targets"):
            document = _json(command, *ha_tinh, *chosen)
            assert document["boundary_source"] == key
            assert words in document["boundary_accuracy"].replace("-0,00%", "+0,00%")
        out = made / "out.geojson"
        done = CliRunner().invoke(
            app, ["export", *ha_tinh, *chosen, "--layer", "zones", "-o", str(out), "--lang", "en"]
        )
        assert done.exit_code == 0
        source = json.loads(out.read_text(encoding="utf-8"))["metadata"]["boundary_source"]
        assert source["key"] == key
        assert source["accuracy"]
    assert "xã.geojson" in source["name"]
    assert str(made) not in json.dumps(source)


def test_zones_are_the_same_communes_whatever_the_source(made: Path) -> None:
    old = made / "old.gpkg"
    old_communes().to_file(old, driver="GPKG")
    zones = [
        load_province("ha-tinh", boundaries=chosen).zones
        for chosen in ("bundled", "official", str(old))
    ]
    for other in zones[1:]:
        assert list(other["communes"]) == list(zones[0]["communes"])
        assert list(other["mixed_communes"]) == list(zones[0]["mixed_communes"])


@pytest.mark.usefixtures("made")
def test_a_source_that_is_none_is_refused() -> None:
    result = CliRunner().invoke(app, ["zones", "--province", "ha-tinh", "--boundaries", "offical"])
    assert result.exit_code == 1
    assert "offical" in result.stderr
    assert "expected bundled, official or a file" in result.stderr
    with pytest.raises(UnknownNameError, match="boundaries fetch --province 01"):
        load_outlines("01")


@needs_reference
@pytest.mark.usefixtures("real")
@pytest.mark.parametrize(
    ("key", "count"), [("nghe-an", 130), ("ha-tinh", 69), ("quang-ninh", 54), ("tuyen-quang", 124)]
)
def test_official_zones_sum_to_the_union_of_their_communes(key: str, count: int) -> None:
    province = load_province(key)
    assert province.boundary_source.key == "official"
    assert len(province.communes) == count
    base = province.zones[province.zones["group"] == "base_partition"]
    assert sum(len(codes) for codes in base["communes"]) == count
    shapes = province.communes.to_crs(province.resolution.crs).geometry
    union = shapely.union_all(shapes.to_numpy()).area / 1e4
    assert base["geometry_area_ha"].sum() == pytest.approx(union, rel=SUMMED)
    each = area_ha(province.communes.geometry, province.resolution.crs)
    for zone in rows(province.zones):
        assert zone.geometry.is_valid
        of_communes = each[list(zone.communes)].sum()
        assert zone.geometry_area_ha == pytest.approx(of_communes, rel=SUMMED)
