"""Values that attack, in every text of a province that can be drawn."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from geo.snapshot import Province, Snapshot

SCRIPT = "window.top.__hit=(window.top.__hit||0)+1"
ATTACK = (
    f"<script>{SCRIPT}</script>"
    f'<img src=x onerror="{SCRIPT}"><svg onload="{SCRIPT}">'
    f"\"' onmouseover='{SCRIPT}' autofocus onfocus=\"{SCRIPT}\" "
    f"${{{SCRIPT}}} `+({SCRIPT})+` \\`; {SCRIPT}; // \\\\ "
    f"</script><script>{SCRIPT}</script> {{{{ '{SCRIPT}' }}}} ]]> --> \n\u2028 ${{"
)
# Keys of our own vocabularies and columns that code, not text, gives meaning to.
_KEPT = frozenset(
    {
        "kind",
        "position",
        "group",
        "supply",
        "within",
        "part_of",
        "as_of",
        "metric",
        "how",
        "area_id",
    },
)


# What the model of a resolution accepts: one line.
ATTACK_LINE = " ".join(ATTACK.split())


def attacked(value: Any, place: str) -> Any:  # noqa: ANN401
    """Replace every text in a value by an attack that names its place."""
    if isinstance(value, str):
        return f"{place} {ATTACK}"
    if isinstance(value, tuple):
        return tuple(attacked(item, place) for item in value) or (f"{place} {ATTACK}",)
    return value


def attack_frame(frame: Any, *, kept: frozenset[str] = _KEPT) -> Any:  # noqa: ANN401
    """Attack all texts of a frame; the index and the columns of `kept` stay."""
    frame = frame.copy()
    for column in frame.columns:
        if column in kept or column == "geometry":
            continue
        values = [attacked(value, str(column)) for value in frame[column]]
        if any(isinstance(value, str | tuple) for value in values):
            frame[column] = pd.Series(values, index=frame.index, dtype=object)
    return frame


def _attack_model(model: Any) -> Any:  # noqa: ANN401
    """Attack the texts that people wrote; keys, tags and places of citations stay."""
    if isinstance(model, tuple):
        return tuple(_attack_model(item) for item in model)
    if not hasattr(model, "model_fields_set"):
        return model
    changes: dict[str, Any] = {}
    for field in type(model).model_fields:
        value = getattr(model, field)
        if field in {"vi", "en", "number", "section", "name"} and isinstance(value, str):
            changes[field] = f"{field} {ATTACK_LINE}"
        elif field == "names":
            changes[field] = tuple(f"{field} {ATTACK_LINE}" for _ in value)
        else:
            changes[field] = _attack_model(value)
    return model.model_copy(update=changes)


def _attack_facts(facts: Any) -> Any:  # noqa: ANN401
    sources = attack_frame(facts.sources, kept=frozenset({"date"}))
    sources["url"] = [f"javascript:{SCRIPT}//{ATTACK}"] * len(sources)
    return dataclasses.replace(
        facts,
        sources=sources,
        nodes=attack_frame(facts.nodes, kept=frozenset({"type", "status", "province_legacy"})),
        roads=attack_frame(facts.roads, kept=frozenset({"class", "status", "province_legacy"})),
    )


def attack_province(province: Province) -> Province:
    """Attack what the fixed part of the map draws."""
    source = dataclasses.replace(
        province.boundary_source,
        **{
            field: f"{field} {ATTACK}"
            for field in ("name_vi", "name_en", "accuracy_vi", "accuracy_en", "attribution")
        },
    )
    return dataclasses.replace(
        province,
        resolution=_attack_model(province.resolution),
        facts=_attack_facts(province.facts),
        boundary_source=source,
    )


def attack_snapshot(snapshot: Snapshot) -> Snapshot:
    """Attack what a date draws: every text of every zone, area, figure and conflict."""
    keep_zone = _KEPT | {
        "area_id",
        "communes",
        "mixed_communes",
        "oldest_as_of",
        "newest_as_of",
        "pipeline_oldest_as_of",
        "pipeline_newest_as_of",
    }
    total = snapshot.total.copy()
    total["name_vi"] = total["name_en"] = ATTACK
    return dataclasses.replace(
        snapshot,
        resolution=_attack_model(snapshot.resolution),
        zones=attack_frame(snapshot.zones, kept=keep_zone),
        total=total,
        areas=attack_frame(snapshot.areas),
        figures=attack_frame(snapshot.figures, kept=_KEPT | {"sources", "until"}),
        conflicts=attack_frame(snapshot.conflicts, kept=_KEPT | {"sources"}),
    )
