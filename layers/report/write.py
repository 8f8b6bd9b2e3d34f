"""The report in Word, of a province, a zone, a scenario or a comparison.

The wording around the figures is in the templates beside this module, which an office may
change; here they are filled in. A text from the data stays a text.
"""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from docxtpl import DocxTemplate, InlineImage

from layers._records import records
from layers.account import nothing_text, rate_text
from layers.map_files.sheet import map_png
from layers.numbers import day, known
from layers.report.account import (
    area_rows,
    scope_lines,
    summary,
    total_row,
    zone_rows,
    zones_told,
)
from layers.report.charts import LandBar, RateBar, land_picture, land_text, rate_picture
from layers.report.citations import Citations, harmless
from layers.report.comparison import comparison_part, land_bars, rate_bars
from layers.report.form import form_part
from layers.report.packing import packed
from layers.report.policy import condition_part, target_part
from layers.report.quality import quality_part
from layers.report.scenario import scenario_part
from layers.words import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from data._message import Lang
    from data.scenarios import Scenario
    from geo.comparison import Comparison
    from geo.snapshot import Province, Snapshot
    from layers.words import Words

_FOLDER: Final = Path(__file__).resolve().parent
_CHART_MM, _MAP_MM = 160, 212
_EMU_MM: Final = 36_000  # the unit of lengths in Word
_ROMAN: Final = ("I", "II", "III", "IV", "V", "VI")
# In the order of the template; the sources are always the last.
_ANNEXES: Final = ("map", "comparison", "areas", "form")


def province_report(province: Province, state: Snapshot, *, lang: Lang) -> bytes:
    """Write the report of a province.

    Parameters
    ----------
    province, state
        Of one province; the snapshot says the date.
    lang
        "vi" or "en".

    Returns
    -------
    bytes
        A DOCX file, the same for the same data.
    """
    w = words(lang)
    citations = _citations(state)
    keys = [str(key) for key in state.zones.index]
    name = w.pick(str(state.total["name_vi"]), str(state.total["name_en"]))
    told = {
        "subject": w(
            "Industrial land of {name}, as of {date}",
            name=name,
            date=day(state.as_of),
        ),
        "lead": [],
        "scope": scope_lines(state, w),
        "account": _account(state, keys, citations, w, whole=True),
        "targets": target_part(state, w),
        "conditions": condition_part(state, (), w),
        "quality": quality_part(province, state, w),
        "areas": area_rows(state, [str(key) for key in state.areas.index], citations, w),
        "form": form_part(province, state.as_of, w),
    }
    return _written(told, citations, lang, state.as_of, picture=map_png(province, state, lang=lang))


def zone_report(province: Province, state: Snapshot, key: str, *, lang: Lang) -> bytes:
    """Write the report of one zone: its account, its areas, conditions, data quality.

    Parameters
    ----------
    key
        Of the zone, "na-a".

    Raises
    ------
    KeyError
        The province has no such zone.
    """
    w = words(lang)
    if key not in state.zones.index:
        raise KeyError(key)
    citations = _citations(state)
    zone = records(state.zones)[key]
    ids = [
        area_id
        for area_id, area in records(state.areas).items()
        if any(one["zone_key"] == key for one in area["zones"])
    ]
    present = [one for one in ids if state.states[one].supply == "present"]
    conditions = condition_part(state, present, w) if present else None
    told = {
        "subject": w(
            "Industrial land of the zone {name}, {province}, as of {date}",
            name=w.pick(zone["name_vi"], zone["name_en"]),
            province=w.pick(str(state.total["name_vi"]), str(state.total["name_en"])),
            date=day(state.as_of),
        ),
        "lead": [],
        "scope": scope_lines(state, w),
        "account": _account(state, [key], citations, w, whole=False),
        "conditions": conditions,
        "quality": quality_part(province, state, w, ids=ids),
        "areas": area_rows(state, ids, citations, w),
    }
    return _written(told, citations, lang, state.as_of, picture=map_png(province, state, lang=lang))


def scenario_report(
    province: Province,
    scenario: Scenario,
    base: Snapshot,
    other: Snapshot,
    *,
    lang: Lang,
) -> bytes:
    """Write the report of a scenario: what it assumes, what changes, the account in it.

    Parameters
    ----------
    base, other
        The present and the scenario on one day, from :func:`geo.scenarios.run`.
    """
    w = words(lang)
    citations = _citations(other, {scenario.source_id: {"title": scenario.name}})
    keys = [str(key) for key in other.zones.index]
    named = dict.fromkeys(edit.area_id for edit in scenario.edits)
    ids = [key for key in named if key in other.areas.index]
    told = {
        "subject": w(
            "Scenario “{name}”, {province}, looked at on {date}",
            name=scenario.name,
            province=w.pick(str(other.total["name_vi"]), str(other.total["name_en"])),
            date=day(other.as_of),
        ),
        "lead": [
            w(
                "Not facts: the figures below hold the assumptions of a scenario, whose source is "
                "{source}.",
                source=scenario.source_id,
            ),
            *([scenario.note] if scenario.note else []),
        ],
        "scope": scope_lines(other, w),
        "scenario": scenario_part(scenario, base, other, w),
        "account": _account(other, keys, citations, w, whole=True),
        "areas": area_rows(other, ids, citations, w),
    }
    return _written(told, citations, lang, other.as_of, picture=map_png(province, other, lang=lang))


def comparison_report(comparison: Comparison, *, lang: Lang) -> bytes:
    """Write the report of a comparison of parks or zones."""
    w = words(lang)
    citations = Citations(comparison.sources)
    part = comparison_part(comparison, citations, w)
    charts = []
    if rates := rate_bars(comparison, w):
        charts.append((rate_picture(rates, w), w("Fill rate of the places (%)")))
    if land := land_bars(comparison, w):
        charts.append((land_picture(land, w), w("Leased and available land of the places (ha)")))
    names = [w.pick(place.name.vi, place.name.en) for place in comparison.places]
    told = {
        "subject": w(
            "Comparison of {names}, as of {date}",
            names="; ".join(names),
            date=day(comparison.as_of),
        ),
        "lead": [],
        "scope": [
            w("Figures known by {date}: no later observation is used.", date=day(comparison.as_of))
        ],
        "places": names,
        "comparison": part | {"charts": charts},
    }
    return _written(told, citations, lang, comparison.as_of, picture=None)


def _citations(state: Snapshot, more: dict[str, dict[str, str]] | None = None) -> Citations:
    return Citations(records(state.facts.sources) | (more or {}))


def _account(
    state: Snapshot,
    keys: Sequence[str],
    citations: Citations,
    w: Words,
    *,
    whole: bool,
) -> dict[str, Any]:
    zones = records(state.zones)
    rates, lands = [], []
    for key in keys:
        zone = zones[key]
        name, said = w.pick(zone["name_vi"], zone["name_en"]), rate_text(zone, w)
        bar = RateBar(name, said.headline, said.low, said.high, said.middle)
        rates.append(bar._replace(empty=zone["areas_count"] == 0))
        leased, available, without = zone["leased_ha"], zone["available_ha"], _without(zone)
        lands.append(LandBar(name, _land_text(zone, w), leased, available, without))
    rows = zone_rows(state, keys, w)
    return {
        "summary": summary(state, w) if whole else [],
        "zones": [*rows, total_row(state, w)] if whole else rows,
        "note": w(
            "Marks: A, B … spatial orientation zones; 1, 2 … economic zones, corridors and linked "
            "areas, each accounted by itself and not added. Leasable and leased land: of the areas "
            "with figures only.",
        ),
        "chart": rate_picture(rates, w),
        "chart_caption": w("Fill rate by zone (%)"),
        "land_chart": land_picture(lands, w),
        "land_caption": w("Leased and available land by zone (ha)"),
        "told": zones_told(state, keys, citations, w),
    }


def _land_text(zone: dict[str, Any], w: Words) -> str:
    if zone["areas_count"] == 0:
        return nothing_text(zone, w)
    return land_text(zone["leased_ha"], zone["available_ha"], w)


def _without(zone: dict[str, Any]) -> float | None:
    """Total area of the present areas of a zone whose occupancy isn't known."""
    total, covered = zone["total_area_ha"], zone["coverage_land_pct"]
    if not known(total) or not known(covered):
        return None
    return float(total * (1.0 - covered / 100.0))


def _written(
    told: dict[str, Any],
    citations: Citations,
    lang: Lang,
    as_of: dt.date,
    *,
    picture: bytes | None,
) -> bytes:
    template = DocxTemplate(str(_FOLDER / f"template_{lang}.docx"))

    def image(content: bytes, wide: int) -> InlineImage:
        return InlineImage(template, io.BytesIO(content), width=wide * _EMU_MM)

    has = {"map": picture is not None} | {key: bool(told.get(key)) for key in _ANNEXES[1:]}
    annexes = [*(key for key in _ANNEXES if has[key]), "sources"]
    context = harmless(
        {**told, "annex": dict(zip(annexes, _ROMAN, strict=False)), "sources": None},
    )
    context["sources"] = harmless(citations.lines(words(lang)))
    context["map"] = image(picture, _MAP_MM) if picture is not None else None
    if account := context.get("account"):
        for key in ("chart", "land_chart"):
            account[key] = image(account[key], _CHART_MM)
    if comparison := context.get("comparison"):
        comparison["charts"] = [
            {"image": image(content, _CHART_MM), "caption": caption}
            for content, caption in comparison["charts"]
        ]
    template.render(context, autoescape=True)
    properties = template.docx.core_properties
    moment = dt.datetime(as_of.year, as_of.month, as_of.day)  # noqa: DTZ001 (Word has no zone)
    properties.created = properties.modified = moment
    properties.title = " ".join(str(told["subject"]).split())[:250]
    out = io.BytesIO()
    template.save(out)
    return packed(out.getvalue())
