"""Outlines of a province's communes from the source that the user chose.

Three sources, one answer: *bundled* (approximate, :mod:`data.boundaries`), *official* (fetched
or imported, :mod:`data.boundaries.official`) and a file of the user's own
(:mod:`data.boundaries.own`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from data._errors import DataError, Finding, UnknownNameError
from data._message import Message
from data.boundaries import BoundarySource, boundary_source, load_communes, official
from data.boundaries.own import read_own

if TYPE_CHECKING:
    import geopandas as gpd

    from data.boundaries.own import OwnBoundaries

BUNDLED, OFFICIAL, OWN = "bundled", "official", "own"
_OFFICIAL = BoundarySource(
    key=OFFICIAL,
    name_vi="địa giới theo bản đồ hành chính 2025",
    name_en="boundaries of the 2025 reference map",
    accuracy_vi="Tọa độ ghi đến 6 chữ số thập phân (khoảng 0,1 m); độ chính xác của bản đồ gốc "
    "không được công bố; không thay thế hồ sơ địa giới hành chính.",
    accuracy_en="Coordinates to 6 decimals (about 0.1 m); the accuracy of the map itself isn't "
    "published; not a substitute for the dossiers of administrative boundaries.",
    attribution="thanglequoc/vietnamese-provinces-database (MIT); Nhà xuất bản Tài nguyên - Môi "
    "trường và Bản đồ Việt Nam",
    as_of="2025-07-01",
)


@dataclass(frozen=True)
class Outlines:
    """Communes of a province with what they come from.

    Attributes
    ----------
    communes
        EPSG:4326, indexed by 2025 commune code, columns `name`, `province_code`,
        `area_km2_official`, `geometry`: every commune of the province, as a coverage.
    source
        What the source is and how exact, for every result made with it.
    own
        How an own file was matched and repaired; None for the other sources.
    """

    communes: gpd.GeoDataFrame
    source: BoundarySource
    own: OwnBoundaries | None = None


def default_source(province_code: str) -> str:
    """Give the source in use where none was chosen: official if it is here, else bundled."""
    return OFFICIAL if official.is_ready(province_code) else BUNDLED


def load_outlines(province_code: str, boundaries: str | None = None) -> Outlines:
    """Load the communes of a province.

    Parameters
    ----------
    province_code
        "40".
    boundaries
        "bundled", "official" or the path of a file; the default of the province where None.

    Raises
    ------
    DataError
        The source is broken, isn't here or doesn't fit the province, with all findings.
    UnknownNameError
        There is no such province in the source.
    """
    chosen = boundaries or default_source(province_code)
    if chosen == OFFICIAL:
        return Outlines(official.read_communes(province_code), _official(province_code))
    if chosen == BUNDLED:
        return Outlines(_bundled(province_code), boundary_source(BUNDLED))
    file = Path(chosen)
    if not file.is_file():
        expected = Message(
            "{bundled}, {official} or a file with the outlines of the communes",
            bundled=BUNDLED,
            official=OFFICIAL,
        )
        raise DataError(
            [Finding(chosen, "", "boundaries", Message("no such source or file"), expected)]
        )
    own = read_own(file, province_code)
    return Outlines(own.communes, _own(file.name, own), own)


def _bundled(province_code: str) -> gpd.GeoDataFrame:
    try:
        return load_communes(province_code)
    except UnknownNameError as error:
        msg = (
            f"{error.args[0]}. Official ones: `python -m data boundaries fetch --province "
            f"{province_code}` or `python -m data boundaries import FOLDER`; or name a file"
        )
        raise UnknownNameError(msg) from error


def _official(province_code: str) -> BoundarySource:
    """Add what compiling found: the source contradicts itself at coasts and rivers."""
    off = official.quality(province_code)["outline_difference"]["area"]
    vi = f"{off:+.2%}".replace(".", ",")
    return replace(
        _OFFICIAL,
        accuracy_vi=f"{_OFFICIAL.accuracy_vi} Tổng diện tích các xã lệch {vi} so với đường bao "
        "tỉnh của chính nguồn này.",
        accuracy_en=f"{_OFFICIAL.accuracy_en} The communes together differ by {off:+.2%} in area "
        "from the source's own outline of the province.",
    )


def _own(file: str, own: OwnBoundaries) -> BoundarySource:
    match, repairs = own.match, own.repairs
    counts = (match.by_code, match.by_name, len(match.unmatched), len(match.contrary))
    vi = [
        "Độ chính xác theo tệp của người dùng, không được kiểm chứng",
        "{} vùng khớp theo mã, {} theo tên, {} không khớp, {} có mã và tên trái nhau",
    ]
    en = [
        "As accurate as the user's file, not verified",
        "{} polygons matched by code, {} by name, {} not, {} with code and name that contradict",
    ]
    vi[1], en[1] = vi[1].format(*counts), en[1].format(*counts)
    if match.system == "legacy":
        split = len(match.divided)
        vi.append(f"ghép từ các xã trước 01/07/2025; {split} xã bị chia được tính trọn cho một xã")
        en.append(
            f"joined from the communes before July 2025; {split} divided ones go whole to one"
        )
    if repairs.overlaps or repairs.gaps_closed or repairs.invalid:
        fixed = (len(repairs.overlaps), repairs.gaps_closed, len(repairs.invalid))
        vi.append("đã sửa {} chỗ chồng, {} khe hở, {} hình không hợp lệ".format(*fixed))
        en.append("repaired: {} overlaps, {} slivers, {} invalid polygons".format(*fixed))
    return BoundarySource(
        key=OWN,
        name_vi=f"địa giới trong tệp của người dùng: {file}",
        name_en=f"boundaries in the user's file: {file}",
        accuracy_vi=f"{'; '.join(vi)}.",
        accuracy_en=f"{'; '.join(en)}.",
        attribution=file,
        as_of="",
    )
