"""Zones, areas, plots and figures as layers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from data._frames import rows
from data.vocabulary import PLOT_STATUSES
from geo.figures import PRESENT
from geo.plot_layer import province_plots
from geo.records import total_record, zone_records, zone_sources
from layers.exchange.fields import layer_fields
from layers.exchange.layer import make_layer
from layers.exchange.signs import zone_code

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from data._message import Lang
    from geo.figures import Figure
    from geo.snapshot import Province, Snapshot
    from geo.states import AreaState
    from layers.exchange.layer import Layer

    Record = dict[str, Any]

# Codes of the land-use map; no table in the facts gives one for an economic zone.
LAND_USE: Final = {"industrial_park": "SKK", "industrial_cluster": "SKN"}
_MAIN: Final = ("leasable_ha", "leased_ha", "available_ha", "fill_rate_pct")
_PERIOD: Final = re.compile(
    r"(?:giai đoạn|thời kỳ)\s+((?:19|20)\d\d\s*[-\u2013]\s*(?:19|20)\d\d)",
)


def plan_period(texts: Iterable[str]) -> str | None:
    """Find the period that a document's title states, the first of several.

    Examples
    --------
    >>> plan_period(["Quyết định phê duyệt Quy hoạch tỉnh thời kỳ 2021-2030, tầm nhìn 2050"])
    '2021-2030'
    """
    for text in texts:
        if found := _PERIOD.search(text):
            return re.sub(r"\s*[-\u2013]\s*", "-", found.group(1))
    return None


def _account(record: Mapping[str, Any]) -> Record:
    kinds = record["areas_by_kind"] or {}
    left_out = {"areas_by_kind", "reasons"}
    return {key: value for key, value in record.items() if key not in left_out} | {
        "parks_count": kinds.get("industrial_park", 0) + kinds.get("high_tech_park", 0),
        "clusters_count": kinds.get("industrial_cluster", 0),
    }


def zones_layer(province: Province, state: Snapshot, lang: Lang) -> Layer:
    """Zones with their account."""
    cited = zone_sources(state)
    records = []
    for record, (key, row) in zip(zone_records(state), state.zones.iterrows(), strict=True):
        zone = province.resolution.zone(str(key))
        documents = [province.resolution.document(item.document) for item in zone.citations]
        records.append(
            {
                **_account(record),
                "name": record[f"name_{lang}"] or record["name_vi"],
                "documents": _different(
                    getattr(province.resolution.cite(item), lang) for item in zone.citations
                ),
                "plan_period": plan_period(document.title.vi for document in documents),
                "as_of": state.as_of,
                "sources": cited[str(key)],
                "boundary_source": getattr(state.boundary_source, f"name_{lang}"),
                "map_sign": zone_code({str(name): value for name, value in row.items()}),
            },
        )
    return make_layer(layer_fields()["zones"], records, state.zones.geometry)


def province_layer(province: Province, state: Snapshot, lang: Lang) -> Layer:
    """Account of the whole province."""
    del province
    record = total_record(state)
    total = _account(record) | {"name": record[f"name_{lang}"], "as_of": state.as_of}
    del total["group"]
    return make_layer(layer_fields()["province"], [total])


def _different(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text))


def _pedigree(name: str, figure: Figure | None) -> Record:
    if figure is None:
        beside = ("as_of", "basis", "qualifier", "how")
        empty = dict.fromkeys((name, *(f"{name}_{end}" for end in beside)))
        return {**empty, f"{name}_sources": []}
    return {
        name: figure.value,
        f"{name}_as_of": figure.as_of,
        f"{name}_basis": figure.basis,
        f"{name}_qualifier": figure.qualifier,
        f"{name}_how": figure.how,
        f"{name}_sources": list(figure.sources),
    }


def _total(state: AreaState) -> Figure | None:
    """Give the total as :class:`geo.snapshot.Snapshot` has it: measured where present."""
    return state.total if state.supply == "present" else state.pipeline_total


def areas_layer(province: Province, state: Snapshot, lang: Lang) -> Layer:
    """Parks, clusters and economic zones with their main figures."""
    base = set(province.zones.index[province.zones["group"] == "base_partition"])
    records = []
    for area in rows(state.areas):
        total = _total(state.states[area.Index])
        shares = [(item["share"], item["zone_key"]) for item in area.zones]
        own = [(share, key) for share, key in shares if key in base]
        figures = state.states[area.Index].figures
        cleared = figures.get("cleared_ha")
        records.append(
            {
                "id": area.Index,
                "name": (area.name_vi if lang == "vi" else area.name_en) or area.name_vi,
                "land_use": LAND_USE.get(area.kind),
                "zone_key": max(own, key=lambda item: item[0])[1] if own else None,
                "zone_keys": [key for _, key in shares],
                **_pedigree("total_area_ha", total),
                "area_nature": total.nature if total else None,
                **_pedigree(
                    "cleared_ha",
                    cleared if cleared and cleared.nature == PRESENT else None,
                ),
                **{
                    key: value
                    for metric in _MAIN
                    for key, value in _pedigree(metric, figures.get(metric)).items()
                },
                "documents": list(area.decision),
                "plan_period": plan_period(area.decision),
                "industries": list(area.industries),
                "communes": list(area.communes_2025),
                "as_of": state.as_of,
                "sources": list(area.source_ids),
                **{
                    name: getattr(area, name)
                    for name in (
                        "name_vi",
                        "name_en",
                        "kind",
                        "status",
                        "status_as_of",
                        "supply",
                        "supply_reason",
                        "position",
                        "counted",
                        "part_of",
                        "within",
                        "established_year",
                        "developer",
                        "wastewater",
                        "note",
                    )
                },
            },
        )
    return make_layer(layer_fields()["areas"], records, state.areas.geometry)


def figures_layer(province: Province, state: Snapshot, lang: Lang) -> Layer:
    """List every figure of every area, a row each."""
    del province, lang
    records = [
        {
            "figure_id": f"{figure.area_id}:{figure.metric}",
            "area_id": figure.area_id,
            "metric": figure.metric,
            "value": figure.value,
            "unit": figure.unit,
            "figure_as_of": figure.as_of,
            "basis": figure.basis,
            "qualifier": figure.qualifier,
            "nature": figure.nature,
            "how": figure.how,
            "note": figure.note,
            "sources": list(figure.sources),
        }
        for figure in rows(state.figures)
    ]
    return make_layer(layer_fields()["figures"], records)


def plots_layer(province: Province, state: Snapshot, lang: Lang) -> Layer:
    """List the plots of the workspace as they are known on the date, with their land."""
    del province, lang
    plots = province_plots(state)
    names = ("plot_id", "area_id", "use", "area_ha", "area_from", "stated_ha", "status_from")
    more = ("tenant_trade", "leased_on", "note")
    records = [
        {
            **{name: getattr(plot, name) for name in (*names, *more)},
            "plot_key": f"{plot.area_id}/{plot.plot_id}",
            "status": plot.status if plot.status in PLOT_STATUSES else None,
            "plot_as_of": plot.as_of,
            "sources": [plot.source_id] if plot.source_id else [],
        }
        for plot in rows(plots)
    ]
    return make_layer(layer_fields()["plots"], records, plots.geometry)


def outlines_layer(province: Province, state: Snapshot, lang: Lang) -> Layer:
    """List the outlines of areas that were surveyed, or drawn in a scenario."""
    del province
    outlines, areas = state.footprints, state.areas
    records = []
    for outline in rows(outlines):
        area = areas.loc[outline.Index]
        records.append(
            {
                "area_id": outline.Index,
                "name": area[f"name_{lang}"] or area["name_vi"],
                "kind": area["kind"],
                "land_use": LAND_USE.get(str(area["kind"])),
                "status": area["status"],
                "position": outline.position,
                "outline_ha": outline.area_ha,
                "outline_as_of": outline.as_of,
                "note": outline.note,
                "sources": [outline.source_id] if outline.source_id else [],
            },
        )
    return make_layer(layer_fields()["outlines"], records, outlines.geometry)
