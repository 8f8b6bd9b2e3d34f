"""Answers of `data.units.locate` as records and as lines of text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from data.units.locate import divisions_of, predecessors_of, successors_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from data._message import Lang
    from data.units.locate import Link, Located, Unit

_WORDS: dict[Lang, dict[str, str]] = {
    "vi": {
        "legacy": "trước 01/07/2025",
        "2025": "từ 01/07/2025",
        "code": "mã",
        "became": "nay là",
        "into": "nay thuộc",
        "from": "hình thành từ",
        "divided": "bị chia",
        "main": "phần chính",
        "rest": "phần còn lại",
        "part": "một phần",
        "unknown": "chưa rõ nay thuộc đâu",
        "several": "có nhiều đơn vị cùng tên, hãy ghi rõ hơn:",
        "none": "không tìm thấy",
        "alike": "tên gần giống:",
    },
    "en": {
        "legacy": "before July 2025",
        "2025": "since July 2025",
        "code": "code",
        "became": "now",
        "into": "now in",
        "from": "formed from",
        "divided": "divided",
        "main": "main part",
        "rest": "other part",
        "part": "part of it",
        "unknown": "what became of it isn't known",
        "several": "several units have this name, say more:",
        "none": "not found",
        "alike": "spelt alike:",
    },
}


def unit_record(unit: Unit) -> dict[str, Any]:
    """Fields of a unit without what became of it."""
    fields = ("level", "system", "name", "district", "province", "code", "province_code", "note")
    return {field: getattr(unit, field) for field in fields}


def _link_records(links: Iterable[Link]) -> list[dict[str, Any]]:
    return [
        {**unit_record(link.unit), "main": link.main, "divided": link.divided} for link in links
    ]


def located_record(located: Located) -> dict[str, Any]:
    """Answer as plain data: `found` only where there is no doubt, candidates with their fates."""
    return {
        "query": located.query,
        "found": located.unit is not None,
        "units": [
            {
                **unit_record(unit),
                "successors": _link_records(successors_of(unit)),
                "predecessors": _link_records(predecessors_of(unit)),
                "divisions": [
                    {**unit_record(division.unit), "among": _link_records(division.among)}
                    for division in divisions_of(unit)
                ],
            }
            for unit in located.units
        ],
        "alike": [unit_record(unit) for unit in located.alike],
    }


def located_text(located: Located, lang: Lang = "vi") -> str:
    """Answer in words."""
    words = _WORDS[lang]
    lines: list[str] = []
    if not located.units:
        lines.append(f"{words['none']}: {located.query}")
        if located.alike:
            lines.append(words["alike"])
        lines += [f"  {_named(unit, words)}" for unit in located.alike]
    if len(located.units) > 1:
        lines.append(words["several"])
    for unit in located.units:
        lines += _described(unit, words)
    return "\n".join(lines) + "\n"


def _named(unit: Unit, words: dict[str, str]) -> str:
    code = f", {words['code']} {unit.code}" if unit.code else ""
    note = f"; {unit.note}" if unit.note else ""
    return f"{unit.path} ({words[unit.system]}{code}{note})"


def _described(unit: Unit, words: dict[str, str]) -> Iterator[str]:
    yield _named(unit, words)
    after, before = successors_of(unit), predecessors_of(unit)
    if unit.system == "legacy" and not after:
        yield f"  {words['unknown']}"
    divided = unit.level == "commune" and len(after) > 1
    for link in after:
        end = f", {words['main' if link.main else 'rest']}" if divided else ""
        same = link.unit.level == unit.level == "province"
        how = words["divided" if divided else "became" if same else "into"]
        yield f"  {how}: {link.unit.path} ({words['code']} {link.unit.code}{end})"
    for link in before:
        end = f", {words['part']}" if link.divided else ""
        yield f"  {words['from']}: {link.unit.path} ({words['code']} {link.unit.code}{end})"
    if divided:
        return
    for division in divisions_of(unit):
        among = ", ".join(
            f"{link.unit.name} ({words['main' if link.main else 'rest']})"
            for link in division.among
        )
        yield f"  {words['divided']}: {division.unit.name}, {division.unit.district}: {among}"
