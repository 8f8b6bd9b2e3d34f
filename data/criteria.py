"""Criteria for ranking places: the presets of `data/presets.yaml`, and files of the same form.

A preset's weights are the product's own judgement and say so; no source stands behind them.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from data import _yaml
from data._criteria_models import (
    DIRECTIONS,
    MEASURES,
    TARGETS,
    WEIGHTS,
    CriteriaSet,
    Criterion,
    Direction,
    Limits,
    Measure,
    MeasureEntry,
    Place,
    PresetsFile,
    Target,
)
from data._errors import DataError, Finding, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "DIRECTIONS",
    "MEASURES",
    "TARGETS",
    "CriteriaSet",
    "Criterion",
    "Direction",
    "Limits",
    "Measure",
    "MeasureEntry",
    "Place",
    "Target",
    "changed",
    "json_schema",
    "load_criteria",
    "measures",
    "preset",
    "preset_for",
    "presets",
    "reweighted",
    "write_schema",
]

PRESETS = Path(__file__).parent / "presets.yaml"
SCHEMA = Path(__file__).parent / "criteria.schema.json"
GENERAL = "general"

_Parsed = TypeVar("_Parsed", bound=BaseModel)


def _short(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    longest = 80
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _findings(
    error: ValidationError, file: str, lines: Mapping[_yaml.YamlPath, int]
) -> list[Finding]:
    found = []
    for problem in error.errors(include_url=False):
        # A key of a mapping that is no allowed one is told as the key itself.
        path = tuple(part for part in problem["loc"] if part != "[key]")
        told = problem.get("ctx", {})
        value = "nothing" if problem["type"] == "missing" else _short(problem["input"])
        found.append(
            Finding(
                file,
                _yaml.place(path, dict(lines)),
                told.get("field")
                or next((part for part in reversed(path) if isinstance(part, str)), ""),
                told.get("found", value),
                problem["msg"].removeprefix("Value error, "),
            )
        )
    return found


def _parse(
    model: type[_Parsed], raw: object, file: str, lines: dict[_yaml.YamlPath, int]
) -> _Parsed:
    try:
        return model.model_validate_json(json.dumps(raw, default=str), strict=True)
    except ValidationError as error:
        raise DataError(_findings(error, file, lines)) from error


def _load(model: type[_Parsed], path: Path) -> _Parsed:
    raw, lines, findings = _yaml.read(path)
    if findings:
        raise DataError(findings)
    return _parse(model, raw, path.name, lines)


@cache
def _file() -> PresetsFile:
    return _load(PresetsFile, PRESETS)


def presets() -> dict[str, CriteriaSet]:
    """All presets by key, in the order of the file.

    Examples
    --------
    >>> list(presets())[0], presets()["export-electronics"].trade
    ('export-electronics', 'electronics')
    """
    return {one.key: one for one in _file().presets}


def preset(key: str) -> CriteriaSet:
    """Preset of a key.

    Raises
    ------
    UnknownNameError
        There is no such preset.
    """
    found = presets().get(key)
    if found is None:
        msg = f"no preset {key!r}; there are {', '.join(presets())}"
        raise UnknownNameError(msg)
    return found


def preset_for(trade: str | None) -> CriteriaSet:
    """Preset that is proposed for a trade: the first that names it, else the general one.

    Examples
    --------
    >>> preset_for("seafood_processing").key, preset_for("garment_footwear").key
    ('agro-processing', 'general')
    """
    return next((one for one in _file().presets if trade in one.trades), presets()[GENERAL])


def measures() -> dict[Measure, MeasureEntry]:
    """Give what criteria may look at, by key: unit, name, and how it is found."""
    return {entry.key: entry for entry in _file().measures}


def load_criteria(path: Path) -> CriteriaSet:
    """Read a criteria file: one set, in the form of a preset.

    Raises
    ------
    DataError
        The file can't be used; holds every finding: row, field, what was found and expected.
    """
    return _load(CriteriaSet, path)


def changed(criteria: CriteriaSet, /, **fields: Any) -> CriteriaSet:  # noqa: ANN401
    """Give a set with some fields replaced, checked anew; fields of limits go into `limits`.

    Raises
    ------
    DataError
        The set would be no valid one.

    Examples
    --------
    >>> changed(preset("logistics"), min_available_ha=20).limits.min_available_ha
    20.0
    """
    of_limits = {name: fields.pop(name) for name in set(fields) & set(Limits.model_fields)}
    record = criteria.model_dump(mode="json")
    record["limits"] |= of_limits
    return _parse(CriteriaSet, record | fields, "criteria", {})


def reweighted(criteria: CriteriaSet, weights: Mapping[str, float]) -> CriteriaSet:
    """Give a set with other weights, scaled to sum to 100.

    Parameters
    ----------
    weights
        By measure, in any scale; criteria of measures that aren't in it, or have 0, aren't
        enabled.

    Raises
    ------
    DataError
        No weight is above zero.

    Examples
    --------
    >>> own = reweighted(preset("logistics"), {"available_ha": 1, "km_to_seaport": 3})
    >>> [(one.measure, one.weight) for one in own.enabled]
    [('km_to_seaport', 75.0), ('available_ha', 25.0)]
    """
    total = sum(weights.get(one.measure, 0.0) for one in criteria.criteria)
    if total <= 0:
        raise DataError([Finding("criteria", "", "weight", "0 for all", "a weight above 0")])
    record = [
        one.model_dump(mode="json")
        | {
            "weight": weights.get(one.measure, 0.0) / total * WEIGHTS,
            "enabled": weights.get(one.measure, 0.0) > 0,
        }
        for one in criteria.criteria
    ]
    return changed(criteria, criteria=record)


def json_schema() -> dict[str, Any]:
    """JSON Schema of a criteria file."""
    return CriteriaSet.model_json_schema()


def write_schema(path: Path = SCHEMA) -> None:
    """Write the JSON Schema of a criteria file."""
    text = json.dumps(json_schema(), ensure_ascii=False, indent=2)
    path.write_text(text + "\n", encoding="utf-8")
