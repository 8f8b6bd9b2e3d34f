"""The models of a criteria file: hard limits, criteria with weights, and why they are so."""

# Annotations are evaluated here, as pydantic needs them.
import math
from typing import Annotated, Final, Literal, LiteralString, NoReturn, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from data._resolution_models import Key, Text
from data.vocabulary import IndustryTag, NodeType, RoadClass, Status

# What is near: the types of nodes and the classes of roads of the fact tables.
Target = Literal[NodeType, RoadClass]
TARGETS: tuple[Target, ...] = (*get_args(NodeType), *get_args(RoadClass))

Measure = Literal[
    "available_ha",
    "total_area_ha",
    "fill_rate_pct",
    "rent_usd_m2",
    "readiness",
    "wastewater",
    "in_economic_zone",
    "policy",
    "km_to_anchor",
    "km_to_seaport",
    "km_to_inland_port",
    "km_to_airport",
    "km_to_railway_station",
    "km_to_border_gate",
    "km_to_expressway_interchange",
    "km_to_power_substation_220_500",
    "km_to_expressway",
    "km_to_national_road",
    "km_to_ho_chi_minh_road",
    "km_to_coastal_road",
]
MEASURES: tuple[Measure, ...] = get_args(Measure)

Direction = Literal["positive", "inverse", "ideal"]
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)

WEIGHTS = 100.0
# Weights that were worked out and not typed don't sum to 100 to the last bit.
WEIGHTS_AGREE = 1e-6

Positive = Annotated[float, Field(gt=0)]


_REFUSED: Final = "value_error"


def _refuse(field: str, expected: LiteralString, found: str) -> NoReturn:
    """Refuse a whole for what one field of it holds."""
    raise PydanticCustomError(_REFUSED, expected, {"field": field, "found": found})


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class MeasureEntry(_Model):
    """What a criterion may look at: its unit, its name, and how it is found."""

    key: Measure
    unit: Literal["ha", "%", "usd_per_m2", "scale", "km"]
    name: Text
    how: Text


class Place(_Model):
    """A place in WGS 84 degrees, in or near Viet Nam."""

    lon: Annotated[float, Field(ge=100, le=120)]
    lat: Annotated[float, Field(ge=5, le=25)]


class Limits(_Model):
    """What a place must have; a limit that isn't there asks for nothing.

    Attributes
    ----------
    min_available_ha
        Land available at least, hectares.
    statuses
        Statuses allowed; all where None.
    max_km
        Kilometres in a straight line to the nearest of each type, at most.
    wastewater
        A central wastewater plant that works.
    in_economic_zone
        Inside an established economic zone.
    encouraged
        The documents name the trade as wanted for the area or its zone.
    max_rent_usd_m2
        Land rent for the remaining term at most, USD a square metre.
    """

    min_available_ha: Positive | None = None
    statuses: tuple[Status, ...] | None = None
    max_km: dict[Target, Positive] = {}
    wastewater: bool = False
    in_economic_zone: bool = False
    encouraged: bool = False
    max_rent_usd_m2: Positive | None = None

    @model_validator(mode="after")
    def _statuses(self) -> Self:
        if self.statuses == ():
            _refuse("statuses", "at least one status, or null for all", "an empty list")
        return self


class Criterion(_Model):
    """A measure with its weight and its value function, fixed by `min` and `max`.

    `title` is None where the name of the measure says enough. A criterion that isn't enabled
    is left out of scores and of the sum of weights.
    """

    measure: Measure
    title: Text | None = None
    weight: Annotated[float, Field(ge=0, le=WEIGHTS)]
    direction: Direction
    ideal: float | None = None
    min: float
    max: float
    enabled: bool = True

    @model_validator(mode="after")
    def _bounds(self) -> Self:
        if not self.min < self.max:
            _refuse("min", "min under max", f"min {self.min:g}, max {self.max:g}")
        if (self.direction == "ideal") != (self.ideal is not None):
            _refuse(
                "ideal",
                "an ideal value for direction ideal, and only for it",
                f"direction {self.direction}, ideal {self.ideal}",
            )
        if self.ideal is not None and not self.min < self.ideal < self.max:
            _refuse("ideal", "an ideal value between min and max", f"{self.ideal:g}")
        return self


class CriteriaSet(_Model):
    """Hard limits and criteria for one kind of project.

    Attributes
    ----------
    why
        Why the weights are what they are: a judgement, not a source.
    trade
        Trade that the set is made for; None where the user names it.
    trades
        Trades for which the set is proposed.
    anchor
        Id of an area, or a place, to be near to.
    """

    key: Key = "own"
    name: Text = Text(vi="Tiêu chí riêng", en="Own criteria")
    why: Text | None = None
    trade: IndustryTag | None = None
    trades: tuple[IndustryTag, ...] = ()
    anchor: Key | Place | None = None
    limits: Limits = Limits()
    criteria: tuple[Criterion, ...]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        measures = [criterion.measure for criterion in self.criteria]
        if again := sorted({one for one in measures if measures.count(one) > 1}):
            _refuse("measure", "criteria with each measure once", ", ".join(again))
        total = math.fsum(one.weight for one in self.enabled)
        if abs(total - WEIGHTS) > WEIGHTS_AGREE:
            _refuse(
                "weight",
                "weights of the enabled criteria that sum to 100",
                f"weights that sum to {total:.6g}",
            )
        return self

    @property
    def enabled(self) -> tuple[Criterion, ...]:
        """The criteria that count."""
        return tuple(one for one in self.criteria if one.enabled)


class PresetsFile(_Model):
    """All measures once, in the order of the vocabulary, and the presets."""

    measures: tuple[MeasureEntry, ...]
    presets: tuple[CriteriaSet, ...]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if tuple(entry.key for entry in self.measures) != MEASURES:
            msg = f"each measure once, in the order {', '.join(MEASURES)}"
            raise ValueError(msg)
        keys = [preset.key for preset in self.presets]
        if len(set(keys)) < len(keys) or any(preset.why is None for preset in self.presets):
            msg = "presets with different keys, each with its why"
            raise ValueError(msg)
        return self
