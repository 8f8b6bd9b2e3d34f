"""Boundaries of the 2025 communes, from the source that the user chose.

What a zone is does not change with the source; its outline does. Every source answers to
:func:`load_communes` with the same columns and to :func:`boundary_source` with what it is,
how exact it is and whom to name.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import geopandas as gpd
import pyarrow as pa
import shapely

from data._errors import DataError, Finding, UnknownNameError
from data._message import Message
from data.units import gazetteer

PRODUCT = Path(__file__).parent / "communes_2025_approx.parquet"
COLUMNS = ("name", "province_code", "area_km2_official", "geometry")


@dataclass(frozen=True)
class BoundarySource:
    """Where boundaries come from and how far they can be trusted.

    The accuracy is in sentences, each with its full stop: others follow it. Names have none.
    """

    key: str
    name_vi: str
    name_en: str
    accuracy_vi: str
    accuracy_en: str
    attribution: str
    as_of: str


# The figures are those that `python -m tests.benchmarks.measure_boundaries` prints.
BUNDLED = BoundarySource(
    key="bundled",
    name_vi="địa giới gần đúng",
    name_en="approximate boundaries",
    accuracy_vi=(
        "Xấp xỉ từ điểm và diện tích trong danh mục đơn vị hành chính. So với địa giới chính "
        "thức: ranh giới xã lệch thường khoảng 0,1-0,4 km (một phần mười lệch hơn 1,2-1,7 "
        "km); vùng của Nghệ An trùng 90-96 % (IoU), ba tỉnh còn lại 75-96 %. Không dùng để "
        "xác định địa giới."
    ),
    accuracy_en=(
        "Approximated from the points and areas of the gazetteers. Against official "
        "boundaries, commune borders are typically off by 0.1 to 0.4 km (a tenth by more than "
        "1.2 to 1.7 km); zones overlap at an IoU of 0.90 to 0.96 in Nghệ An and 0.75 to 0.96 "
        "in the other three provinces. Not for telling where a border runs."
    ),
    attribution="© OpenStreetMap contributors (ODbL)",
    as_of="2025-07-01",
)
SOURCES = {BUNDLED.key: BUNDLED}


def boundary_source(key: str = "bundled") -> BoundarySource:
    """Tell what a source is and how exact.

    Raises
    ------
    UnknownNameError
        If there is no such source.
    """
    if key not in SOURCES:
        msg = f"boundary source {key!r}; there are {', '.join(SOURCES)}"
        raise UnknownNameError(msg)
    return SOURCES[key]


def load_communes(province_code: str, source: str = "bundled") -> gpd.GeoDataFrame:
    """Communes of a province with their boundaries.

    Parameters
    ----------
    province_code
        Code of the 2025 province, such as "40" (Nghệ An).
    source
        Key of a boundary source.

    Returns
    -------
    GeoDataFrame
        EPSG:4326, indexed by 2025 commune code; columns `name`, `province_code`,
        `area_km2_official` (of the gazetteer, not of the outline) and `geometry` (valid, not
        empty; neighbours share their border exactly).

    Raises
    ------
    UnknownNameError
        If there is no such source, or the source doesn't have the province.
    DataError
        If the file is missing, broken, or not what it should be; with all findings.
    """
    boundary_source(source)
    communes = _bundled(PRODUCT)
    here = communes[communes["province_code"] == province_code]
    if here.empty:
        known = ", ".join(sorted(communes["province_code"].unique()))
        msg = f"province {province_code!r} in the {source} boundaries; there are {known}"
        raise UnknownNameError(msg)
    return here.copy()


@cache
def _bundled(path: Path) -> gpd.GeoDataFrame:
    file = f"data/boundaries/{path.name}"
    advice = Message("the committed file, or a new one by python -m data.boundaries.build")
    if not path.is_file():
        raise DataError([Finding(file, "", "", Message("no such file"), advice)])
    try:
        communes = gpd.read_parquet(path)
    except (
        OSError,
        ValueError,
        KeyError,
        TypeError,
        pa.ArrowException,
        shapely.GEOSException,
    ) as error:
        found = Message(
            "a file that cannot be read ({error})", error=Message(str(error).splitlines()[0])
        )
        raise DataError(
            [Finding(file, "", "", found, Message("GeoParquet: {advice}", advice=advice))]
        ) from error
    findings = check_communes(communes, file)
    if findings:
        raise DataError(findings)
    return communes


def check_communes(communes: gpd.GeoDataFrame, file: str) -> list[Finding]:
    """Everything that is wrong with a layer of communes; empty if nothing is.

    Parameters
    ----------
    communes
        Layer to be checked, to be indexed by 2025 commune code.
    file
        Name of its file, for the findings.
    """
    missing = [column for column in COLUMNS if column not in communes.columns]
    if missing:
        found = ", ".join(map(str, communes.columns)) or Message("no columns")
        return [
            Finding(
                file,
                "",
                ", ".join(missing),
                found,
                Message("columns {names}", names=", ".join(COLUMNS)),
            )
        ]
    findings = []
    if communes.crs != "EPSG:4326":
        findings.append(
            Finding(file, "", "geometry", Message("CRS {crs}", crs=communes.crs), "EPSG:4326")
        )
    known = gazetteer.communes_2025()
    findings += [
        Finding(
            file,
            str(code),
            "code",
            Message("an unknown or repeated code"),
            Message("a 2025 commune, once"),
        )
        for code in communes.index[~communes.index.isin(known.index) | communes.index.duplicated()]
    ]
    provinces = known[known["province_code"].isin(communes["province_code"])]
    findings += [
        Finding(
            file,
            str(code),
            "code",
            Message("nothing"),
            Message("a row for {name}", name=provinces.loc[code, "name"]),
        )
        for code in provinces.index.difference(communes.index)
    ]
    shapes = communes.geometry
    areal = shapes.geom_type.isin(["Polygon", "MultiPolygon"])
    broken = ~areal | shapes.is_empty | ~shapes.is_valid
    findings += [
        Finding(
            file,
            str(code),
            "geometry",
            Message("missing, empty or invalid"),
            Message("a valid polygon"),
        )
        for code in communes.index[broken]
    ]
    return findings
