"""A new province without code: a resolution file and fact tables to be filled, which load as is."""

from __future__ import annotations

import csv
import json
import re
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from data._errors import UnknownNameError
from data._frames import rows
from data.meridians import meridians, registered_system
from data.resolutions import load_resolution
from data.schemas import PROVINCE_TABLES, TABLES
from data.units._lookup import old_provinces
from data.units.gazetteer import communes_2025, legacy_communes
from data.units.spelling import plain, unit_word

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA = Path(__file__).parent
# The row of sources.csv that stands for the gazetteer.
_GAZETTEER = "inf-02"

_TEMPLATE = """\
# yaml-language-server: $schema=schema.json
## {name}: what its documents say on industrial land. The file loads as it is, with one zone, the
## whole province. Lines that begin with "##" explain; lines that begin with "#" are examples to
## be uncommented and changed. Check after each change with: python -m data check
## The order of work is in data/README.md, "Adding a province". Texts are in our own words, in
## Vietnamese and English; what a document doesn't say is left out, never guessed.
province: {key}
code: "{code}"
name: {{vi: {name}, en: {name}}}
## VN-2000 zone of the province, in which areas are measured.
{crs_reason}
crs: {crs}
## Provinces before July 2025 that it was formed from.
legacy_provinces: [{legacy_provinces}]

## TO DO: the documents that zones, targets and rules are taken from. Each needs a row in
## sources.csv of data/facts/{folder}/; number or date may be left out with a remark that says why.
## kind: resolution, conclusion, implementation_plan, provincial_plan, regional_plan, decision or
## secondary_source.
documents:
  - id: {key}-gazetteer
    kind: secondary_source
    title:
      vi: Danh mục đơn vị hành chính trước và sau 01/07/2025 (gói vietnamadminunits)
      en: Gazetteer of administrative units before and since July 2025 (package vietnamadminunits)
    issuer: {{vi: vietnamadminunits, en: vietnamadminunits}}
    source_ids: [{gazetteer}]
    remark:
      vi: Không phải văn bản của tỉnh, nên không có số và ngày; chỉ dùng khi chưa có văn bản nào.
      en: Not a document of the province, so without number and date; in use until there is one.
#  - id: {key}-plan
#    kind: provincial_plan
#    number: null
#    title:
#      vi: Quyết định phê duyệt Quy hoạch tỉnh
#      en: Decision approving the provincial plan
#    issuer: {{vi: Thủ tướng Chính phủ, en: Prime Minister}}
#    date: null
#    source_ids: [{gazetteer}]
#    remark: {{vi: Chưa đọc bản gốc., en: The document itself was not read.}}

## TO DO: the zones. Those of group base_partition hold every commune of the province exactly
## once; economic_zone (with area_id, the id in areas.csv), corridor and regional_link lie over
## them. Members are named as the document names them, level: district or commune (with its
## district) of before July 2025, or commune_2025. confidence: stated, or inferred with a reason.
## `python -m data locate NAME` tells what a name is and what became of it.
zones:
  - key: {key}-all
    name:
      vi: Toàn {kind} {name}
      en: The whole of {name}
    group: base_partition
    membership:
{membership}
    citations: [{{document: {key}-gazetteer}}]
    remark:
      vi: Chưa phân vùng theo văn bản nào.
      en: Not yet divided by any document.
#  - key: {key}-corridor
#    name: {{vi: Hành lang kinh tế, en: Economic corridor}}
#    group: corridor
#    industries:
#      - tag: electronics
#        citations: [{{document: {key}-gazetteer}}]
#    membership:
#      - level: district
#        names: [{district}]
{example_province}#        confidence: inferred
#        reason: {{vi: Nằm dọc quốc lộ., en: Along the national road.}}
#        source_ids: [{gazetteer}]
#    citations: [{{document: {key}-gazetteer}}]

## TO DO: what the documents ask for, each with its citation; remove what they don't speak of.
#targets:
#  - key: fill-rate
#    metric: fill_rate_pct
#    name: {{vi: Tỷ lệ lấp đầy trên 60%, en: A fill rate over 60 %}}
#    operator: ">"
#    value: 60
#    unit: "%"
#    year: 2030
#    citations: [{{document: {key}-gazetteer}}]
#siting_rules:
#  - key: into-parks
#    text: {{vi: Dự án mới vào khu hoặc cụm công nghiệp., en: New projects go into parks.}}
#    applies_to: industrial_project
#    strength: require
#    allowed_in: [industrial_park, industrial_cluster]
#    citations: [{{document: {key}-gazetteer}}]
"""


def province_key(name: str) -> str:
    """Key of a 2025 province by its full name.

    Examples
    --------
    >>> province_key("Tỉnh Nghệ An"), province_key("Thành phố Hồ Chí Minh")
    ('nghe-an', 'ho-chi-minh')
    """
    words = plain(name).split()
    return "-".join(words[unit_word(words)[1] :])


def _province(code_or_key: str) -> tuple[str, str]:
    """Code and full name of a 2025 province."""
    known = communes_2025().drop_duplicates("province_code")
    for row in rows(known):
        if code_or_key in (row.province_code, province_key(row.province)):
            return row.province_code, row.province
    listed = ", ".join(f"{row.province_code} {province_key(row.province)}" for row in rows(known))
    msg = f"no province {code_or_key!r} since July 2025; there are {listed}"
    raise UnknownNameError(msg)


def write_province(
    code_or_key: str,
    *,
    crs: str | None = None,
    folder: Path = DATA,
) -> tuple[Path, ...]:
    """Write the resolution file and the empty fact tables of a province.

    Parameters
    ----------
    code_or_key
        Of a province since July 2025, "38" or "thanh-hoa".
    crs
        Its VN-2000 zone, "EPSG:5897"; where None, the one that the EPSG register gives for the
        province of before July 2025 with the same name.
    folder
        The data folder, with `resolutions` and `facts`.

    Returns
    -------
    tuple
        The files: the resolution first. It has one zone, the whole province.

    Raises
    ------
    UnknownNameError
        There is no such province or zone, or the register has none for it.
    FileExistsError
        There already is a file or folder of the province; nothing is written.
    OSError
        The files can't be written; nothing stays.
    """
    code, name = _province(code_or_key)
    key = province_key(name)
    stem = key.replace("-", "_")
    text = _resolution(code, name, crs)
    file, tables = folder / "resolutions" / f"{stem}.yaml", folder / "facts" / stem
    for path in (file, tables):
        if path.exists():
            msg = f"{path} is there already; nothing is written"
            raise FileExistsError(msg)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=folder) as stage:
        draft, empty = Path(stage) / file.name, Path(stage) / stem
        draft.write_text(text, encoding="utf-8")
        load_resolution(key, folder=draft.parent)
        empty.mkdir()
        for table in PROVINCE_TABLES:
            with (empty / f"{table}.csv").open("w", encoding="utf-8", newline="") as sheet:
                csv.writer(sheet, lineterminator="\n").writerow(TABLES[table].columns)
        empty.rename(tables)
        try:
            draft.rename(file)
        except OSError:
            shutil.rmtree(tables)
            raise
    return file, *(tables / f"{table}.csv" for table in PROVINCE_TABLES)


def _resolution(code: str, name: str, crs: str | None) -> str:
    """Text of the resolution file."""
    old = [unit.name for unit in old_provinces() if unit.province_code == code]
    systems = {province: registered_system(province) for province in old}
    listed = ", ".join(f"{system or 'none'} for {short(old)}" for old, system in systems.items())
    crs = crs.upper() if crs else None
    if crs and crs not in meridians():
        msg = f"no VN-2000 zone {crs!r}; there are {', '.join(meridians())}"
        raise UnknownNameError(msg)
    chosen = crs or systems.get(name)
    if chosen is None:
        msg = f"the EPSG register names no VN-2000 zone for {name}; give one as EPSG:NNNN"
        raise UnknownNameError(msg)
    reason = [
        f"The EPSG register gives, for the provinces of before July 2025: {listed}.",
        "Given by hand." if crs else f"Taken: that of {short(name)}.",
        f"{chosen} has the central meridian {_degrees(meridians()[chosen])}.",
        "TO DO: check whether another one has been laid down since July 2025.",
    ]
    districts = legacy_communes().drop_duplicates("district_code")
    key = province_key(name)
    several = len(old) > 1
    example = districts[districts["province"] == old[0]].iloc[0]
    return _TEMPLATE.format(
        name=_scalar(short(name)),
        key=key,
        folder=key.replace("-", "_"),
        code=code,
        kind="thành phố" if name.startswith("Thành phố") else "tỉnh",
        crs=chosen,
        crs_reason="\n".join(f"## {line}" for line in reason),
        legacy_provinces=", ".join(map(_scalar, old)),
        gazetteer=_GAZETTEER,
        membership="\n".join(
            line
            for province in old
            for line in _members(
                districts.loc[districts["province"] == province, "district"].tolist(),
                province if several else None,
            )
        ),
        district=_scalar(example["district"]),
        example_province=f"#        province_legacy: {_scalar(old[0])}\n" if several else "",
    )


def short(name: str) -> str:
    """Name of a province without its unit word.

    Examples
    --------
    >>> short("Thành phố Huế")
    'Huế'
    """
    return " ".join(name.split()[unit_word(plain(name).split())[1] :])


def _members(districts: list[str], province: str | None) -> Iterator[str]:
    yield "      - level: district"
    yield "        names:"
    for district in districts:
        yield f"          - {_scalar(district)}"
    if province:
        yield f"        province_legacy: {_scalar(province)}"
    yield "        confidence: inferred"
    yield "        reason:"
    yield "          vi: Mọi huyện theo danh mục đơn vị hành chính, khi chưa có văn bản phân vùng."
    yield "          en: All districts of the gazetteer, until a document divides the province."
    yield f"        source_ids: [{_GAZETTEER}]"


def _scalar(text: str) -> str:
    return text if re.fullmatch(r"[\w ]+", text) else json.dumps(text, ensure_ascii=False)


def _degrees(degrees: float) -> str:
    """Write degrees and minutes.

    Examples
    --------
    >>> _degrees(104.75)
    "104°45'"
    """
    return f"{int(degrees)}°{round(degrees % 1 * 60):02d}'"
