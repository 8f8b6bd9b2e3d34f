"""The resolutions as data: documents, zones, targets and rules of a province.

One YAML file per province in `data/resolutions/`, checked by the models, which also write the
JSON Schema `data/resolutions/schema.json`. Texts are our own words in Vietnamese and English;
each statement cites its document and the place in it. What a document does not say is null
(`foresees`) or absent; what is a judgement is marked `inferred`, with its reason.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from data import _yaml
from data._errors import DataError, Finding, UnknownNameError
from data._resolution_models import (
    Citation,
    Document,
    Fact,
    Industry,
    Member,
    MemberGroup,
    NamedArea,
    OpenList,
    Period,
    Purpose,
    Resolution,
    SitingRule,
    Statement,
    Target,
    Text,
    Zone,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

__all__ = [
    "Citation",
    "Document",
    "Fact",
    "Industry",
    "Member",
    "MemberGroup",
    "NamedArea",
    "OpenList",
    "Period",
    "Purpose",
    "Resolution",
    "SitingRule",
    "Statement",
    "Target",
    "Text",
    "Zone",
    "check_references",
    "json_schema",
    "load_resolution",
    "provinces",
    "write_schema",
]

RESOLUTIONS = Path(__file__).parent / "resolutions"


def provinces(*, folder: Path = RESOLUTIONS) -> tuple[str, ...]:
    """Keys of the provinces that have a YAML file, Nghệ An first."""
    keys = (file.stem.replace("_", "-") for file in folder.glob("*.yaml"))
    return tuple(sorted(keys, key=lambda key: (key != "nghe-an", key)))


def load_resolution(province: str, *, folder: Path = RESOLUTIONS) -> Resolution:
    """Read and check the resolution of a province.

    Parameters
    ----------
    province
        Key as in :func:`provinces`, such as "nghe-an".
    folder
        Where the YAML files are.

    Raises
    ------
    UnknownNameError
        There is no such province.
    DataError
        The file can't be used; holds every finding.

    Notes
    -----
    A file is read once for as long as its size and time of change stay the same.
    """
    known = provinces(folder=folder)
    if province not in known:
        msg = f"no province {province!r}; there are {', '.join(known)}"
        raise UnknownNameError(msg)
    file = folder / f"{province.replace('-', '_')}.yaml"
    state = file.stat()
    return _loaded(province, file, state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=64)
def _loaded(province: str, file: Path, size: int, changed_ns: int) -> Resolution:  # noqa: ARG001
    raw, lines, findings = _yaml.read(file)

    def finding(path: Sequence[str | int], found: object, expected: str) -> Finding:
        field = next((part for part in reversed(path) if isinstance(part, str)), "")
        return Finding(file.name, _yaml.place(path, lines), field, _short(found), expected)

    resolution = None
    try:
        resolution = Resolution.model_validate_json(json.dumps(raw, default=str), strict=True)
    except ValidationError as error:
        for problem in error.errors(include_url=False):
            path, expected = problem["loc"], problem["msg"].removeprefix("Value error, ")
            found = "nothing" if problem["type"] == "missing" else problem["input"]
            findings.append(finding(path, found, expected))
    findings.extend(finding(*cross) for cross in _cross_check(raw, province))
    if findings or resolution is None:
        raise DataError(findings)
    return resolution


def check_references(
    resolution: Resolution, *, area_ids: Collection[str], source_ids: Collection[str]
) -> tuple[Finding, ...]:
    """Compare the ids that a resolution uses with those of the fact tables.

    Parameters
    ----------
    resolution
        As loaded.
    area_ids, source_ids
        The ids in `areas.csv` and `sources.csv`.

    Returns
    -------
    tuple
        A finding for each unknown id; empty if all are known.
    """
    file = f"{resolution.province.replace('-', '_')}.yaml"
    areas = [(f"zones[{zone.key}]", zone.area_id) for zone in resolution.zones if zone.area_id] + [
        (f"named_areas[{area.area_id}]", area.area_id) for area in resolution.named_areas
    ]
    sources = [
        (f"documents[{document.id}]", source)
        for document in resolution.documents
        for source in document.source_ids
    ] + [
        (f"zones[{zone.key}]", source)
        for zone in resolution.zones
        for group in zone.membership
        for source in group.source_ids
    ]
    findings = [
        Finding(file, row, "area_id", area, "an id of areas.csv")
        for row, area in areas
        if area not in area_ids
    ]
    findings += [
        Finding(file, row, "source_ids", source, "an id of sources.csv")
        for row, source in sources
        if source not in source_ids
    ]
    return tuple(dict.fromkeys(findings))


def json_schema() -> dict[str, Any]:
    """JSON Schema of a resolution file."""
    return Resolution.model_json_schema()


def write_schema(path: Path = RESOLUTIONS / "schema.json") -> None:
    """Write the JSON Schema of a resolution file."""
    text = json.dumps(json_schema(), ensure_ascii=False, indent=2)
    path.write_text(text + "\n", encoding="utf-8")


_Cross = tuple[tuple[str | int, ...], object, str]


def _cross_check(raw: object, province: str) -> Iterator[_Cross]:
    """Find what the models can't see, on the plain data, so that one load tells all."""
    top = raw if isinstance(raw, dict) else {}
    if isinstance(top.get("province"), str) and top["province"] != province:
        yield ("province",), top["province"], f"{province!r}, as the file is named"
    for table, field in _KEYED.items():
        yield from _repeated(
            ((table, index, field), row.get(field)) for index, row in _rows(top, table)
        )
    known = [row.get("id") for _, row in _rows(top, "documents")]
    for path, document in _cited(top, ()):
        if isinstance(document, str) and document not in known:
            yield path, document, "an id under documents"
    several = isinstance(top.get("legacy_provinces"), list) and len(top["legacy_provinces"]) > 1
    base: list[tuple[tuple[str | int, ...], object]] = []
    for index, zone in _rows(top, "zones"):
        for number, group in _rows(zone, "membership"):
            path = ("zones", index, "membership", number)
            if several and "province_legacy" not in group:
                yield (*path, "province_legacy"), "nothing", "one of legacy_provinces"
            names = group.get("names")
            if zone.get("group") == "base_partition" and isinstance(names, list):
                shared = tuple(str(group.get(f)) for f in ("level", "district", "province_legacy"))
                base += [((*path, "names", i), (*shared, name)) for i, name in enumerate(names)]
    for path, unit, expected in _repeated(iter(base)):
        yield path, unit[-1] if isinstance(unit, tuple) else unit, expected


_KEYED = {
    "documents": "id",
    "zones": "key",
    "targets": "key",
    "siting_rules": "key",
    "statements": "key",
    "named_areas": "area_id",
    "open_lists": "key",
    "status_quo": "key",
}


def _rows(parent: dict[str, Any], field: str) -> Iterator[tuple[int, dict[str, Any]]]:
    rows = parent.get(field)
    for index, row in enumerate(rows if isinstance(rows, list) else []):
        if isinstance(row, dict):
            yield index, row


def _repeated(values: Iterator[tuple[tuple[str | int, ...], object]]) -> Iterator[_Cross]:
    seen: list[object] = []
    for path, value in values:
        if value is not None and value in seen:
            yield path, value, "each only once"
        seen.append(value)


def _cited(
    node: object, path: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "document":
                yield (*path, key), value
            else:
                yield from _cited(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _cited(value, (*path, index))


def _short(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    longest = 80
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
