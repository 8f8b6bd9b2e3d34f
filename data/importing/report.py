"""The report on an import: what was found, row by row, and which figures it would change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from data._metric_words import METRIC_WORDS, UNIT_WORDS
from data._translation import said
from data.dates import last_day, printed_date
from data.importing.acceptance import accept
from data.importing.fields import Kind, field_word, fields
from data.importing.findings import SEVERITIES
from data.vocabulary import METRICS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    from data._message import Lang
    from data.facts import Facts
    from data.importing.acceptance import Accepted
    from data.importing.findings import ImportFinding
    from data.importing.parts import Accept, Import, Part

_WORDS: dict[Lang, dict[str, str]] = {
    "vi": {
        "error": "lỗi",
        "warning": "cảnh báo",
        "info": "thông tin",
        "sheet": "bảng",
        "row": "dòng",
        "column": "cột",
        "whole": "cả bảng",
        "found": "thấy",
        "expected": "cần",
        "read_as": "đọc là",
        "kind_unknown": "chưa rõ loại dữ liệu",
        "rows": "dòng",
        "crs": "hệ tọa độ",
        "choose": "chọn hệ tọa độ, phần điểm rơi vào tỉnh",
        "changes": "số liệu mới",
        "taken": "số dòng được nhận",
        "left": "số dòng không được nhận",
        "unknown": "chưa có số liệu",
        "undated": "không ghi ngày",
        "without": "nhận nhưng bỏ các trường",
    },
    "en": {
        "error": "error",
        "warning": "warning",
        "info": "note",
        "sheet": "sheet",
        "row": "row",
        "column": "column",
        "whole": "whole sheet",
        "found": "found",
        "expected": "expected",
        "read_as": "read as",
        "kind_unknown": "of an unknown kind",
        "rows": "rows",
        "crs": "coordinate system",
        "choose": "choose a coordinate system, by the share of points in the province",
        "changes": "new figures",
        "taken": "rows taken",
        "left": "rows not taken",
        "unknown": "no data",
        "undated": "undated",
        "without": "taken without the fields",
    },
}

_ROWS: dict[Lang, dict[Kind, str]] = {
    "vi": {
        "parks": "khu, cụm công nghiệp và số liệu",
        "plots": "lô đất",
        "leases": "hợp đồng thuê đất",
        "observations": "số liệu, mỗi dòng một chỉ tiêu",
        "boundaries": "ranh giới khu, cụm hoặc địa giới xã",
        "nodes": "cảng, ga, cửa khẩu",
    },
    "en": {
        "parks": "parks and clusters with their figures",
        "plots": "plots",
        "leases": "leases",
        "observations": "figures, one a row",
        "boundaries": "outlines of parks, or boundaries of communes",
        "nodes": "ports, stations, gates",
    },
}

# What many rows of a good file have, and nobody has to do anything about.
_IN_ONE_LINE = ("I010", "I403")


def words(lang: Lang) -> dict[str, str]:
    """Words of the report in a language."""
    return _WORDS[lang]


def counts(found: Import) -> dict[str, int]:
    """How many findings of each severity there are."""
    return {rank: sum(one.severity == rank for one in found.findings) for rank in SEVERITIES}


def new_figures(facts: Facts, accepted: Accepted, today: dt.date) -> pd.DataFrame:
    """Figures that a change brings, beside the newest known ones.

    Parameters
    ----------
    facts
        Before the change.
    accepted
        What is taken.
    today
        Known figures are not later than this.

    Returns
    -------
    DataFrame
        `area_id`, `name_vi`, `metric`, `known`, `known_as_of`, `new`, `new_as_of`; texts as the
        fact tables have them, "" where nothing is known.
    """
    names = facts.areas["name_vi"].to_dict()
    added = accepted.change.areas
    names |= dict(zip(added["id"], added["name_vi"], strict=True)) | {
        key: names[key] for key in added["id"] if key in names
    }
    known = facts.observations
    known = known[(known["scope"] == "whole") & (known["nature"] == "measured")]
    days = [last_day(text) for text in known["as_of"]]
    known = known.assign(day=[0 if day is None else day.toordinal() for day in days])
    newest = (
        known[known["day"] <= today.toordinal()]
        .sort_values("day", kind="stable")
        .drop_duplicates(["area_id", "metric"], keep="last")
        .set_index(["area_id", "metric"])
    )
    rows = []
    for one in accepted.change.observations.to_dict("records"):
        key = (one["area_id"], one["metric"])
        before = newest.loc[key] if key in newest.index else None
        rows.append(
            {
                "area_id": one["area_id"],
                "name_vi": names.get(one["area_id"], ""),
                "metric": one["metric"],
                "known": "" if before is None else f"{before['value']:.10g}",
                "known_as_of": "" if before is None else str(before["as_of"]),
                "new": one["value"],
                "new_as_of": one["as_of"],
            }
        )
    columns = ("area_id", "name_vi", "metric", "known", "known_as_of", "new", "new_as_of")
    return pd.DataFrame(rows, columns=columns, dtype=object)


def part_record(part: Part) -> dict[str, Any]:
    """Plain data on one sheet: how it was read, and what has to be chosen."""
    mapping = None if part.mapping is None else part.mapping.model_dump(exclude_defaults=True)
    return {
        "sheet": part.sheet.name,
        "format": part.sheet.format,
        "encoding": part.sheet.encoding,
        "kind": part.kind,
        "rows": len(part.sheet.cells),
        "blocked": part.blocked,
        "crs": part.crs or None,
        "crs_candidates": [
            {
                "crs": one.crs,
                "name": one.name,
                "inside": round(one.inside, 4),
                "bounds": [round(edge, 6) for edge in one.bounds],
                "distance_km": None if pd.isna(one.distance_km) else round(one.distance_km, 2),
            }
            for one in part.candidates
        ],
        "mapping": mapping,
        "proposals": [
            {
                "header": one.header,
                "field": one.column.field or None,
                "unit": one.column.unit or None,
                "confidence": one.confidence,
                "alternatives": [
                    {"field": field, "confidence": confidence}
                    for field, confidence in one.alternatives
                ],
            }
            for one in part.proposals
        ],
    }


def record(found: Import, accepted: Accepted | None = None, lang: Lang = "vi") -> dict[str, Any]:
    """Report as plain data, for JSON.

    Parameters
    ----------
    found
        The import.
    accepted
        What was taken, where it was decided.
    lang
        Of the words in findings.
    """
    whole: dict[str, Any] = {
        "file": found.file,
        "sha256": found.sha256,
        "province": found.province,
        "source": dict(found.source),
        "counts": counts(found),
        "sheets": [part_record(part) for part in found.parts],
        "findings": [one.record(lang) for one in found.findings],
    }
    if accepted is not None:
        whole["taken"] = {name: list(rows) for name, rows in accepted.rows.items()}
        whole["left_out"] = {name: list(rows) for name, rows in accepted.left_out.items()}
        whole["without"] = [
            {"sheet": sheet, "row": row, "fields": list(fields)}
            for (sheet, row), fields in accepted.without.items()
        ]
        whole["change"] = {name: len(rows) for name, rows in accepted.change.tables()}
    return whole


def _in_one_line(found: Import, lang: Lang) -> Iterator[str]:
    """Count what is known already, and what was worked out, a line a sheet."""
    counted: dict[tuple[str, str], list[ImportFinding]] = {}
    for one in found.findings:
        if one.code in _IN_ONE_LINE:
            counted.setdefault((one.sheet, one.code), []).append(one)
    for (sheet, code), some in counted.items():
        title = some[0].title(lang)
        yield f"{words(lang)['info']:<9} {code}  {sheet}: {title} ({len(some)})"


def _dated(value: str, as_of: str, metric: str, lang: Lang) -> str:
    """Write a value of a table, all of its digits, with unit and date."""
    shown = value.replace(".", ",") if lang == "vi" else value
    unit = UNIT_WORDS[METRICS[metric]][lang == "en"]
    return f"{f'{shown} {unit}'.strip()} ({printed_date(as_of) or _WORDS[lang]['undated']})"


def _fields(names: Iterable[str], lang: Lang) -> str:
    return ", ".join(field_word(name, lang) if name in fields() else name for name in names)


def text(
    found: Import,
    *,
    facts: Facts,
    today: dt.date,
    answer: Accept = "sound",
    lang: Lang = "vi",
) -> str:
    """Report in lines of text: sheets, findings by row, and the figures that would be new."""
    say = _WORDS[lang]
    accepted = accept(found, answer)
    lines = [f"{found.file}"]
    for part in found.parts:
        what = _ROWS[lang][part.kind] if part.kind else say["kind_unknown"]
        crs = f", {say['crs']} {part.crs}" if part.crs else ""
        size = f"{len(part.sheet.cells)} {say['rows']}"
        lines.append(f"{say['sheet']} {part.sheet.name}: {say['read_as']} {what}, {size}{crs}")
        if part.candidates:
            lines.append(f"  {say['choose']}:")
        lines += [f"    {one.shown}: {one.inside:.0%}" for one in part.candidates]
    lines += _in_one_line(found, lang)
    for one in found.findings:
        if one.code in _IN_ONE_LINE:
            continue
        place = f"{say['row']} {one.row}" if one.row else say["whole"]
        column = f", {say['column']} {one.column}" if one.column else ""
        seen = f"; {say['found']}: {said(one.found, lang)}" if one.found else ""
        lines.append(
            f"{say[one.severity]:<9} {one.code}  {one.sheet}, {place}{column}: "
            f"{one.title(lang)}{seen}; {say['expected']}: {one.expected(lang)}"
        )
    figures = new_figures(facts, accepted, today)
    if len(figures):
        lines.append(f"{say['changes']}:")
    for row in figures.to_dict("records"):
        metric, known = row["metric"], row["known"]
        before = _dated(known, row["known_as_of"], metric, lang) if known else say["unknown"]
        after = _dated(row["new"], row["new_as_of"], metric, lang)
        name = f"{row['name_vi'] or row['area_id']}, {METRIC_WORDS[metric][lang == 'en']}"
        lines.append(f"  {name}: {before} -> {after}")
    for (sheet, at), names in accepted.without.items():
        lines.append(f"  {sheet}, {say['row']} {at}: {say['without']} {_fields(names, lang)}")
    lines.append("  ".join(f"{say[rank]}: {count}" for rank, count in counts(found).items()))
    left = sum(len(rows) for rows in accepted.left_out.values())
    lines.append(f"{say['taken']}: {accepted.count}  {say['left']}: {left}")
    return "\n".join(lines) + "\n"
