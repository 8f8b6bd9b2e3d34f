"""Sea, neighbours and provinces apart."""

from pathlib import Path

import pytest

from data._errors import DataError
from data.boundaries import surroundings as module
from data.boundaries.surroundings import surroundings


@pytest.mark.parametrize(
    ("lon", "lat", "where", "country"),
    [
        (106.6, 18.9, "sea", ""),  # Gulf of Tonkin off Nghệ An
        (107.6, 20.7, "sea", ""),  # off Quảng Ninh
        (108.0, 21.3, "sea", ""),  # off Móng Cái
        (102.63, 17.97, "neighbour", "Laos"),  # Viêng Chăn
        (103.2, 19.45, "neighbour", "Laos"),  # Xiêng Khoảng
        (107.97, 21.6, "neighbour", "China"),  # Đông Hưng
        (104.25, 23.37, "neighbour", "China"),  # Văn Sơn
        (105.78, 19.81, "viet_nam", "Viet Nam"),  # Thanh Hóa
        (106.63, 10.82, "viet_nam", "Viet Nam"),
    ],
)
def test_where(lon: float, lat: float, where: str, country: str) -> None:
    found = surroundings(lon, lat)
    assert (found.where, found.country_en) == (where, country)
    assert bool(found.province) == (where == "viet_nam")


def test_province_by_the_nearest_commune() -> None:
    assert surroundings(105.78, 19.81).province == "Tỉnh Thanh Hóa"
    assert surroundings(105.90, 18.34).province_code == "42"


def test_missing_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PRODUCT", tmp_path / "none.parquet")
    module._lands.cache_clear()
    with pytest.raises(DataError, match="the committed file"):
        surroundings(105.0, 19.0)
    module._lands.cache_clear()
