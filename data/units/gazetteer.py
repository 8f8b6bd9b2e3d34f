"""Administrative units of both systems, and the crosswalk between them.

Until 30/06/2025 Viet Nam had provinces, districts and communes; since 01/07/2025 it has 34
provinces and communes. Both gazetteers and the crosswalk come with the package
`vietnamadminunits` (MIT). Only its tables are read: its `convert_address` geocodes over the
network. Points of old communes that lie outside their commune
(`data/facts/gazetteer_bad_points.csv`) are left out; names that documents use and the
gazetteer lacks are in `data/facts/unit_aliases.csv`.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

FACTS = Path(__file__).parent.parent / "facts"


def _package_folder() -> Path:
    """Folder of the gazetteer package, found without importing it."""
    spec = find_spec("vietnamadminunits")
    if spec is None or spec.origin is None:
        msg = "the package vietnamadminunits is missing: pip install -r requirements.txt"
        raise ModuleNotFoundError(msg)
    return Path(spec.origin).parent / "data"


def _table(query: str) -> pd.DataFrame:
    with closing(
        sqlite3.connect(f"file:{_package_folder() / 'dataset.db'}?mode=ro", uri=True)
    ) as db:
        return pd.read_sql_query(query, db)


@cache
def legacy_communes() -> pd.DataFrame:
    """All 10,040 communes of the last gazetteer before 01/07/2025.

    Returns
    -------
    DataFrame
        Indexed by `key` (unique, `province_district_commune` without diacritics), columns
        `code` (empty for the island districts that had no commune), `name`, `district`,
        `district_code`, `province`, `province_code`, `lat`, `lon` (WGS 84 degrees; missing
        where the point is known to be wrong).
    """
    frame = _table(
        """
        SELECT provinceKey || '_' || districtKey || '_' || COALESCE(wardKey, '') AS key,
               wardCode AS code, COALESCE(ward, district) AS name,
               district, districtCode AS district_code,
               province, provinceCode AS province_code,
               COALESCE(wardLat, districtLat) AS lat, COALESCE(wardLon, districtLon) AS lon
        FROM admin_units_legacy ORDER BY provinceCode, districtCode, wardCode
        """,
    ).set_index("key")
    frame["code"] = frame["code"].fillna("")
    bad = pd.read_csv(FACTS / "gazetteer_bad_points.csv", dtype={"legacy_ward_code": str})
    frame.loc[frame["code"].isin(bad["legacy_ward_code"]), ["lat", "lon"]] = float("nan")
    return frame


@cache
def communes_2025() -> pd.DataFrame:
    """All 3,321 communes since 01/07/2025.

    Returns
    -------
    DataFrame
        Indexed by `code`, columns `name`, `province`, `province_code`, `lat`, `lon` (WGS 84
        degrees), `area_km2` (official area).
    """
    return _table(
        """
        SELECT wardCode AS code, ward AS name, province, provinceCode AS province_code,
               wardLat AS lat, wardLon AS lon, wardAreaKm2 AS area_km2
        FROM admin_units ORDER BY wardCode
        """,
    ).set_index("code")


@cache
def crosswalk() -> pd.DataFrame:
    """Which 2025 commune(s) each old commune went to.

    Returns
    -------
    DataFrame
        Columns `key` (of :func:`legacy_communes`), `commune` (code of
        :func:`communes_2025`), `main` (True for the one successor of an undivided commune
        and for the default successor of a divided one). A divided commune has several rows,
        exactly one of them main.
    """
    codes = {
        (row.provinceKey, row.wardKey): row.wardCode
        for row in _table("SELECT provinceKey, wardKey, wardCode FROM admin_units").itertuples()
    }
    tables = json.loads((_package_folder() / "converter_2025.json").read_text(encoding="utf-8"))
    rows = [
        (old, codes[province, ward], True)
        for province, wards in tables["DICT_PROVINCE_WARD_NO_DIVIDED"].items()
        for ward, olds in wards.items()
        for old in olds
    ]
    rows += [
        (old, codes[province, part["newWardKey"]], part["isDefaultNewWard"])
        for province, olds in tables["DICT_PROVINCE_WARD_DIVIDED"].items()
        for old, parts in olds.items()
        for part in parts
    ]
    frame = pd.DataFrame(rows, columns=["key", "commune", "main"])
    return frame.sort_values(["key", "commune"], ignore_index=True)


@cache
def aliases() -> pd.DataFrame:
    """Old units that documents name and the gazetteer no longer has (`unit_aliases.csv`)."""
    return pd.read_csv(FACTS / "unit_aliases.csv", dtype=str, keep_default_na=False)


@cache
def former_names() -> pd.DataFrame:
    """Other names of old units, most of them of units that were merged before July 2025.

    Returns
    -------
    DataFrame
        Indexed by `key` of :func:`legacy_communes`, columns `level` ("district" or
        "commune"; a district stands at the first of its communes) and `names` (tuples, with
        their unit words, without diacritics and spaces).
    """
    frame = _table(
        """
        SELECT provinceKey || '_' || districtKey || '_' || COALESCE(wardKey, '') AS key,
               'commune' AS level, wardAlias AS names
        FROM admin_units_legacy WHERE wardAlias IS NOT NULL
        UNION ALL
        SELECT MIN(provinceKey || '_' || districtKey || '_' || COALESCE(wardKey, '')),
               'district', districtAlias
        FROM admin_units_legacy WHERE districtAlias IS NOT NULL GROUP BY districtCode
        """,
    ).set_index("key")
    frame["names"] = [tuple(dict.fromkeys(json.loads(names))) for names in frame["names"]]
    return frame
