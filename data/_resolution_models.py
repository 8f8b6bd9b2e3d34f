"""The models of a resolution file: what a document may say, and with what citation."""

# Annotations are evaluated here, as pydantic needs them.
import datetime as dt
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from data._errors import UnknownNameError
from data.vocabulary import (
    ClusterTerritory,
    Confidence,
    DocumentKind,
    IndustryTag,
    Kind,
    RuleSubject,
    Stance,
    Status,
    Strength,
    TargetMetric,
    TargetOperator,
    TargetUnit,
    Topic,
    UnitLevel,
    ZoneGroup,
)

_ORDINALS = {
    1: ("nhất", "first"),
    2: ("hai", "second"),
    3: ("ba", "third"),
    4: ("tư", "fourth"),
    5: ("năm", "fifth"),
    6: ("sáu", "sixth"),
    7: ("bảy", "seventh"),
    8: ("tám", "eighth"),
    9: ("chín", "ninth"),
}

Key = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Words = Annotated[str, Field(min_length=1, pattern=r"^\S(.*\S)?$")]
Year = Annotated[int, Field(ge=2000, le=2100)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class Text(_Model):
    """A text in both languages."""

    vi: Words
    en: Words


class Document(_Model):
    """A document that the resolution's data cites."""

    id: Key
    kind: DocumentKind
    number: Words | None = None
    title: Text
    issuer: Text
    date: dt.date | None = None
    source_ids: tuple[Words, ...] = ()
    remark: Text | None = None

    @model_validator(mode="after")
    def _explain_unknown(self) -> Self:
        if (self.number is None or self.date is None) and self.remark is None:
            msg = "a remark that says why number or date is unknown"
            raise ValueError(msg)
        return self

    @property
    def label(self) -> Text:
        """The number, or the title where the number is unknown."""
        return Text(vi=self.number, en=self.number) if self.number else self.title


class Citation(_Model):
    """A place in a document: section, and the dash (gạch đầu dòng) or point (điểm) in it.

    `section` is None for the annex and where only the document as a whole can be cited,
    because the place is unknown or the document was read through a secondary source.
    """

    document: Key
    annex: bool = False
    section: Words | None = None
    dash: Annotated[int, Field(ge=1, le=9)] | None = None
    point: Annotated[str, Field(pattern=r"^[a-zđ]$")] | None = None

    @model_validator(mode="after")
    def _dash_in_section(self) -> Self:
        if (self.section is None and (self.dash or self.point)) or (self.section and self.annex):
            msg = "a section with the dash or point, or the annex"
            raise ValueError(msg)
        return self

    @property
    def place(self) -> Text | None:
        """The place in words, or None for the document as a whole."""
        if self.section is None:
            return Text(vi="phụ lục", en="annex") if self.annex else None
        vi, en = [f"mục {self.section}"], [f"section {self.section}"]
        if self.point:
            vi.append(f"điểm {self.point}")
            en.append(f"point {self.point}")
        if self.dash:
            vi.append(f"gạch đầu dòng thứ {_ORDINALS[self.dash][0]}")
            en.append(f"{_ORDINALS[self.dash][1]} dash")
        return Text(vi=", ".join(vi), en=", ".join(en))


Citations = Annotated[tuple[Citation, ...], Field(min_length=1)]


class Industry(_Model):
    """An industry that a document wants, or restricts, with its own wording."""

    tag: IndustryTag
    stance: Stance = "encouraged"
    text: Text | None = None
    citations: Citations


class Member(_Model):
    """One administrative unit of a zone, as the documents name it.

    `district` is set for communes; `province_legacy` only where the province was formed from
    several.
    """

    level: UnitLevel
    name: Words
    district: Words | None
    province_legacy: Words | None
    confidence: Confidence
    reason: Text | None
    source_ids: tuple[Words, ...]


class MemberGroup(_Model):
    """Units of a zone that share level, district, confidence, reason and sources."""

    level: UnitLevel
    names: Annotated[tuple[Words, ...], Field(min_length=1)]
    district: Words | None = None
    province_legacy: Words | None = None
    confidence: Confidence
    reason: Text | None = None
    source_ids: Annotated[tuple[Words, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.confidence == "inferred" and self.reason is None:
            msg = "the reason of a membership that is inferred"
            raise ValueError(msg)
        if (self.level == "commune") != (self.district is not None):
            msg = "a district for level commune, and only for it"
            raise ValueError(msg)
        return self

    @property
    def members(self) -> tuple[Member, ...]:
        """The units one by one."""
        return tuple(
            Member(name=name, **{field: getattr(self, field) for field in _SHARED})
            for name in self.names
        )


_SHARED = ("level", "district", "province_legacy", "confidence", "reason", "source_ids")


class Purpose(_Model):
    """What is meant to be built or done in a zone."""

    text: Text
    citations: Citations


class Zone(_Model):
    """A spatial orientation zone.

    `foresees` holds the kinds of areas that the documents foresee here: empty where they
    foresee none, None where they don't say.
    """

    key: Key
    name: Text
    group: ZoneGroup
    area_id: Key | None = None
    purpose: Purpose | None = None
    foresees: tuple[Kind, ...] | None = None
    industries: tuple[Industry, ...] = ()
    membership: Annotated[tuple[MemberGroup, ...], Field(min_length=1)]
    citations: Citations
    remark: Text | None = None

    @model_validator(mode="after")
    def _area(self) -> Self:
        if (self.group == "economic_zone") != (self.area_id is not None):
            msg = "an area_id for group economic_zone, and only for it"
            raise ValueError(msg)
        return self

    @property
    def members(self) -> tuple[Member, ...]:
        """The units of the zone one by one, in the order of the file."""
        return tuple(member for group in self.membership for member in group.members)


class Period(_Model):
    """Years from `first` to `last`, both included."""

    first: Year
    last: Year

    @model_validator(mode="after")
    def _order(self) -> Self:
        if self.first > self.last:
            msg = "first not after last"
            raise ValueError(msg)
        return self


class Target(_Model):
    """What a document wants reached; `year` or `period` only where it says one.

    `scope` names the kinds of areas meant, empty for the province as a whole; `of_status` the
    status they must have to be meant. A target without a number has `value` None and says in
    `as_printed` what is asked.
    """

    key: Key
    name: Text
    metric: TargetMetric
    operator: TargetOperator
    value: float | None
    value_max: float | None = None
    about: bool = False
    unit: TargetUnit
    year: Year | None = None
    period: Period | None = None
    scope: tuple[Kind, ...] = ()
    of_status: Status | None = None
    as_printed: Text | None = None
    remark: Text | None = None
    citations: Citations

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.year is not None and self.period is not None:
            msg = "year or period, not both"
            raise ValueError(msg)
        if (self.operator == "between") != (self.value_max is not None):
            msg = "value_max for operator between, and only for it"
            raise ValueError(msg)
        if self.value is None and (self.value_max is not None or self.as_printed is None):
            msg = "as_printed, and no value_max, where value is null"
            raise ValueError(msg)
        if self.value_max is not None and self.value is not None and self.value_max <= self.value:
            msg = "value_max over value"
            raise ValueError(msg)
        return self


class Fact(_Model):
    """A figure that a document gives for the past."""

    key: Key
    name: Text
    value: float
    unit: Text
    year: Year | None = None
    period: Period | None = None
    remark: Text | None = None
    citations: Citations


class SitingRule(_Model):
    """A rule on where industry may go and on what terms.

    `allowed_in` holds the kinds of areas inside which the rule doesn't bite.
    """

    key: Key
    text: Text
    applies_to: RuleSubject
    strength: Strength
    allowed_in: tuple[Kind, ...] = ()
    exception: Text | None = None
    remark: Text | None = None
    citations: Citations


class Statement(_Model):
    """A policy that is neither target nor siting rule."""

    key: Key
    topic: Topic
    text: Text
    remark: Text | None = None
    citations: Citations


class NamedArea(_Model):
    """An area of the fact tables that the document names, and what it wants of it."""

    area_id: Key
    text: Text
    industries: tuple[Industry, ...] = ()
    citations: Citations


class OpenList(_Model):
    """A list that the document announces and that our copy doesn't hold."""

    key: Key
    text: Text
    citations: Citations


class Resolution(_Model):
    """All that the documents of a province say, as data.

    `industries` holds for the whole province; a zone has its own. `cluster_territory` is the
    territory whose clusters are averaged in the test for a new one (Nghị định 32/2024/NĐ-CP
    Điều 8): the decree says district, and since districts ended on 01/07/2025 the province's
    People's Committee decides what stands for it (Nghị định 139/2025/NĐ-CP Điều 12).
    """

    province: Key
    code: Annotated[str, Field(pattern=r"^\d{2}$")]
    name: Text
    crs: Annotated[str, Field(pattern=r"^EPSG:\d{4,5}$")]
    legacy_provinces: Annotated[tuple[Words, ...], Field(min_length=1)]
    documents: Annotated[tuple[Document, ...], Field(min_length=1)]
    cluster_territory: ClusterTerritory = "legacy_district"
    partition_remark: Text | None = None
    zones: Annotated[tuple[Zone, ...], Field(min_length=1)]
    industries: tuple[Industry, ...] = ()
    targets: tuple[Target, ...] = ()
    siting_rules: tuple[SitingRule, ...] = ()
    statements: tuple[Statement, ...] = ()
    named_areas: tuple[NamedArea, ...] = ()
    open_lists: tuple[OpenList, ...] = ()
    status_quo: tuple[Fact, ...] = ()
    remarks: tuple[Text, ...] = ()

    def document(self, document_id: str) -> Document:
        """Find a document by its id."""
        for document in self.documents:
            if document.id == document_id:
                return document
        msg = f"no document {document_id!r}; there are {', '.join(d.id for d in self.documents)}"
        raise UnknownNameError(msg)

    def zone(self, key: str) -> Zone:
        """Find a zone by its key."""
        for zone in self.zones:
            if zone.key == key:
                return zone
        msg = f"no zone {key!r}; there are {', '.join(z.key for z in self.zones)}"
        raise UnknownNameError(msg)

    def cite(self, citation: Citation) -> Text:
        """Write a citation: the document's number or title, and the place in it."""
        label, place = self.document(citation.document).label, citation.place
        if place is None:
            return label
        return Text(vi=f"{label.vi}, {place.vi}", en=f"{label.en}, {place.en}")
