"""Scenarios: what would change if a park were added, extended, closed or leased.

A scenario is a JSON document: a name, a province, the date of the present that it starts from,
and a list of edits, applied in order. It only says what is assumed; `geo.scenarios` works out
what follows. Everything that it brings carries the source id ``scenario-<id>``.
"""

# Annotations are evaluated here, as pydantic needs them.
import datetime as dt
import json
import re
import unicodedata
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

import shapely
import shapely.geometry
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from data import _pydantic
from data._columns import AREA_ID
from data._errors import DataError, Finding
from data._message import Message, fault
from data.vocabulary import METRICS, Basis, Status

SCENARIO: Final = "scenario"
_PREFIX: Final = f"{SCENARIO}-"
# An outline of a park has hundreds of corners; this leaves room for any surveyed one.
MOST_POINTS: Final = 100_000
MOST_BYTES: Final = 20_000_000
_WEST, _SOUTH, _EAST, _NORTH = 102.0, 6.0, 118.0, 24.0

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
AreaId = Annotated[str, Field(pattern=f"^{AREA_ID}$", max_length=120)]
Words = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^\S(.*\S)?$")]
Note = Annotated[str, Field(max_length=2000)]
Hectares = Annotated[float, Field(gt=0, le=100_000)]
Year = Annotated[int, Field(ge=1990, le=2100)]
AddedKind = Literal["industrial_park", "industrial_cluster", "high_tech_park"]
# Edits as pages name them.
_NAMES: Final = {
    "add_area": Message("add a park or cluster"),
    "extend_area": Message("extend one"),
    "close_area": Message("close one"),
    "set_status": Message("change a status"),
    "set_date": Message("change a date"),
    "assume_lease": Message("assume leases"),
    "set_figure": Message("assume a figure"),
}
_KIND_CODE: Final = {"industrial_park": "kcn", "industrial_cluster": "ccn", "high_tech_park": "cnc"}


def is_assumed(source_id: str) -> bool:
    """Whether a source is a scenario, so that what it says is assumed and no fact.

    Examples
    --------
    >>> is_assumed("scenario-new-park"), is_assumed("na-s01")
    (True, False)
    """
    return source_id.startswith(_PREFIX)


def _polygon(geometry: dict[str, Any]) -> dict[str, Any]:
    """Check a GeoJSON geometry: a valid polygon in degrees within Viet Nam."""
    if geometry.get("type") not in {"Polygon", "MultiPolygon"}:
        msg = Message("a GeoJSON geometry of type Polygon or MultiPolygon")
        raise ValueError(msg)
    try:
        shape = shapely.geometry.shape(geometry)
    except (TypeError, ValueError, LookupError, AttributeError, shapely.errors.ShapelyError):
        msg = Message("coordinates as RFC 7946 has them: rings of [longitude, latitude]")
        raise ValueError(msg) from None
    points = int(shapely.get_num_coordinates(shape))
    if not 0 < points <= MOST_POINTS:
        msg = Message("1 to {most} points", most=MOST_POINTS)
        raise ValueError(msg)
    west, south, east, north = shape.bounds
    if not (_WEST <= west <= east <= _EAST and _SOUTH <= south <= north <= _NORTH):
        msg = Message("longitude and latitude (WGS 84) within Viet Nam")
        raise ValueError(msg)
    if not shape.is_valid:
        msg = Message("a valid polygon ({reason})", reason=fault(shapely.is_valid_reason(shape)))
        raise ValueError(msg)
    return geometry


class _FieldError(ValueError):
    """A field that doesn't go with others: its name, what was found, what is expected."""

    def __init__(self, expected: Message, *, field: str, found: str) -> None:
        self.field, self.found = field, found
        super().__init__(expected)


def _given(hectares: float) -> Message:
    return Message("{hectares:g}", hectares=hectares)


Geometry = Annotated[dict[str, Any], AfterValidator(_polygon)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class _Edit(_Model):
    date: dt.date | None = None
    """Since when; the scenario's own date where None. A later one hasn't happened yet."""
    note: Note = ""


class AddArea(_Edit):
    """A new park or cluster, where a polygon is drawn or in the communes that are named."""

    edit: Literal["add_area"] = "add_area"
    name: Words
    kind: AddedKind
    status: Status
    id: AreaId | None = None
    polygon: Geometry | None = None
    communes_2025: tuple[Words, ...] = ()
    total_area_ha: Hectares | None = None
    """The polygon's land where None."""
    leasable_ha: Hectares | None = None
    leased_ha: Annotated[float, Field(ge=0, le=100_000)] = 0.0
    """Of the leasable land; says nothing where that isn't given."""
    within: AreaId | None = None
    """The economic zone that it lies in."""

    @model_validator(mode="after")
    def _place_and_land(self) -> Self:
        if (self.polygon is None) == (not self.communes_2025):
            found = Message("nothing") if self.polygon is None else Message("both")
            expected = Message("a polygon or communes, one of them")
            raise _FieldError(expected, field="communes_2025", found=found)
        if self.polygon is None and self.total_area_ha is None:
            expected = Message("a total area where there is no polygon")
            raise _FieldError(expected, field="total_area_ha", found=Message("nothing"))
        leasable, most = self.leasable_ha, self.total_area_ha
        if leasable is not None and self.leased_ha > leasable:
            expected = Message(
                "at most the leasable land, {leasable_ha:g} ha", leasable_ha=leasable
            )
            raise _FieldError(expected, field="leased_ha", found=_given(self.leased_ha))
        if leasable is not None and most is not None and leasable > most:
            expected = Message("at most the total area, {most:g} ha", most=most)
            raise _FieldError(expected, field="leasable_ha", found=_given(leasable))
        return self

    @property
    def area_id(self) -> str:
        """The id given, or one made from the name: ``sc-kcn-...``."""
        return self.id or f"sc-{_KIND_CODE[self.kind]}-{slug(self.name)}"


class ExtendArea(_Edit):
    """More land for an area, in hectares or as a polygon of the added land."""

    edit: Literal["extend_area"] = "extend_area"
    area_id: AreaId
    hectares: Hectares | None = None
    polygon: Geometry | None = None
    leasable_ha: Hectares | None = None
    """Leasable land that is added."""

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if (self.hectares is None) == (self.polygon is None):
            found = Message("nothing") if self.polygon is None else Message("both")
            expected = Message("hectares or a polygon, one of them")
            raise _FieldError(expected, field="hectares", found=found)
        leasable = self.leasable_ha or 0.0
        if self.hectares is not None and leasable > self.hectares:
            expected = Message("at most the added {hectares:g} ha", hectares=self.hectares)
            raise _FieldError(expected, field="leasable_ha", found=_given(leasable))
        return self


class CloseArea(_Edit):
    """An area that is given up: removed from the plan, its land no longer supply."""

    edit: Literal["close_area"] = "close_area"
    area_id: AreaId


class SetStatus(_Edit):
    """Another status for an area."""

    edit: Literal["set_status"] = "set_status"
    area_id: AreaId
    status: Status


class SetDate(_Edit):
    """Another founding year, or the day since which an area operates.

    Before that day it counts as under construction.
    """

    edit: Literal["set_date"] = "set_date"
    area_id: AreaId
    established_year: Year | None = None
    operating_since: dt.date | None = None

    @model_validator(mode="after")
    def _any(self) -> Self:
        if self.established_year is None and self.operating_since is None:
            expected = Message("a founding year, or the day since which it operates")
            raise _FieldError(expected, field="established_year", found=Message("nothing"))
        return self


class AssumeLease(_Edit):
    """Leasable land of an area that is leased besides what is."""

    edit: Literal["assume_lease"] = "assume_lease"
    area_id: AreaId
    hectares: Hectares


class SetFigure(_Edit):
    """Another value for one figure of an area."""

    edit: Literal["set_figure"] = "set_figure"
    area_id: AreaId
    metric: Annotated[str, Field(pattern=f"^({'|'.join(METRICS)})$")]
    value: Annotated[float, Field(ge=0, le=1e9)]
    basis: Basis | None = None
    """Of leasable land, leased land and rates; that in force for the kind where None."""


Edit = Annotated[
    AddArea | ExtendArea | CloseArea | SetStatus | SetDate | AssumeLease | SetFigure,
    Field(discriminator="edit"),
]


class Scenario(_Model):
    """A named list of edits to the present of one province."""

    id: Slug
    name: Words
    province: Slug
    as_of: dt.date
    note: Note = ""
    edits: Annotated[tuple[Edit, ...], Field(max_length=1000)] = ()

    @property
    def source_id(self) -> str:
        """Source of all that it assumes."""
        return f"{_PREFIX}{self.id}"

    def with_edit(self, edit: Edit) -> "Scenario":
        """Give the scenario with one more edit."""
        return self.model_copy(update={"edits": (*self.edits, edit)})

    def undone(self) -> "Scenario":
        """Give the scenario without its last edit; one without edits as it is."""
        return self.model_copy(update={"edits": self.edits[:-1]})


def slug(name: str) -> str:
    """Make an id from a name.

    Examples
    --------
    >>> slug("KCN Đô Lương (mới)")
    'kcn-do-luong-moi'
    """
    plain = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    ascii_only = plain.encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:60].strip("-") or "x"


def parse_scenario(text: str, *, file: str = "scenario.json") -> Scenario:
    """Read a scenario from JSON.

    Parameters
    ----------
    text
        The document.
    file
        What the messages call it.

    Raises
    ------
    DataError
        It isn't one; each finding names the edit, its field, what was found and what is
        expected.

    Examples
    --------
    >>> text = '{"id": "x", "name": "X", "province": "nghe-an", "as_of": "2026-06-30"}'
    >>> parse_scenario(text).source_id
    'scenario-x'
    """
    if len(text) > MOST_BYTES:
        found = Message("{count} characters", count=len(text))
        raise DataError([Finding(file, "", "", found, Message("at most {most}", most=MOST_BYTES))])
    try:
        return Scenario.model_validate_json(text, strict=True)
    except ValidationError as error:
        raise DataError([_finding(file, dict(problem)) for problem in error.errors()]) from None


def _finding(file: str, problem: dict[str, Any]) -> Finding:
    if problem["type"] == "json_invalid":
        found = _pydantic.no_json(problem)
        return Finding(file, "", "", found, Message("a scenario as JSON"))
    path: tuple[str | int, ...] = problem["loc"]
    expected = _pydantic.expected(problem)
    row, rest = "", path
    if path[:1] == ("edits",) and len(path) > 1:
        number, kinds = int(path[1]) + 1, path[2:3]
        row, rest = edit_place(number, *map(str, kinds)), path[3:]
    field = ".".join(str(part) for part in rest)
    refusal = problem.get("ctx", {}).get("error")
    if isinstance(refusal, _FieldError):
        return Finding(file, row, refusal.field, refusal.found, expected)
    missing = problem["type"] == "missing"
    return Finding(
        file, row, field, Message("nothing") if missing else _shown(problem["input"]), expected
    )


def edit_place(number: int, kind: str = "") -> Message:
    """Name an edit in findings."""
    if not kind:
        return Message("edit {number}", number=number)
    return Message("edit {number} ({kind})", number=number, kind=_NAMES.get(kind, kind))


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    longest = 80
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def load_scenario(path: Path) -> Scenario:
    """Read a scenario from a file.

    Raises
    ------
    DataError
        The file is missing or isn't a scenario.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            found = Message("{count} bytes", count=path.stat().st_size)
            raise DataError(
                [
                    Finding(
                        path.name,
                        "",
                        "",
                        found,
                        Message("at most {most}", most=MOST_BYTES),
                    )
                ]
            )
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise DataError(
            [Finding(path.name, "", "", Message(str(error.strerror)), Message("a file"))]
        ) from error
    except UnicodeDecodeError as error:
        found = Message("byte {start} that is not UTF-8", start=error.start)
        raise DataError([Finding(path.name, "", "", found, Message("UTF-8 text"))]) from error
    return parse_scenario(text, file=path.name)


def scenario_json(scenario: Scenario) -> str:
    """Write a scenario as JSON; read back it is equal."""
    return scenario.model_dump_json(indent=1, exclude_defaults=False) + "\n"
