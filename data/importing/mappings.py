"""What was agreed on of a table: plain data that goes to YAML and back.

A mapping fits every table with the same headers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from data import _yaml
from data._errors import DataError, Finding
from data.importing.fields import Kind, Unit, fields, fields_of
from data.importing.numbers import Decimal  # noqa: TC001 (pydantic reads it at run time)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from data.importing.headers import Proposal

# Constants that say where the whole file is from; they go into its row of sources.
_ABOUT_THE_FILE = ("publisher", "document", "document_date")


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(_Model):
    """What a column means.

    Attributes
    ----------
    field
        Our name of it, "" for a column that isn't taken.
    unit
        Unit of its numbers, "" for the field's own.
    as_of
        Date of all its figures, as "diện tích đã cho thuê (đến 30/6/2026)" says.
    """

    field: str = ""
    unit: Unit = ""
    as_of: str = ""

    @field_validator("field")
    @classmethod
    def _known(cls, value: str) -> str:
        if value and value not in fields():
            msg = f"one of {', '.join(fields())}"
            raise ValueError(msg)
        return value


class Mapping(_Model):
    """How a table is read; editable, and reused for each table with the same headers.

    Attributes
    ----------
    kind
        What its rows are.
    columns
        By header, all of them, in the order of the table.
    constants
        By field: text of every row whose column is missing or empty, as `as_of` for the whole file.
    areas
        By name in the file: id of the area that it is, or "new".
    decimal
        Decimal sign of its numbers, "" to tell it from each column.
    crs
        Coordinate system of its coordinates, "EPSG:9208"; "" for what the file says.
    """

    kind: Kind
    columns: dict[str, Column]
    constants: dict[str, str] = Field(default_factory=dict)
    areas: dict[str, str] = Field(default_factory=dict)
    decimal: Decimal = ""
    crs: str = ""

    @field_validator("constants")
    @classmethod
    def _known(cls, value: dict[str, str]) -> dict[str, str]:
        if unknown := value.keys() - fields().keys() - set(_ABOUT_THE_FILE):
            msg = f"{', '.join(sorted(unknown))}: one of {', '.join((*fields(), *_ABOUT_THE_FILE))}"
            raise ValueError(msg)
        return value

    @model_validator(mode="after")
    def _of_the_kind(self) -> Self:
        """Each field is one of the kind and has one column: nothing is dropped without a word."""
        given = [column.field for column in self.columns.values() if column.field]
        known = fields_of(self.kind)
        if unknown := [field for field in given if field not in known]:
            msg = f"{', '.join(unknown)}: for {self.kind} one of {', '.join(known)}"
            raise ValueError(msg)
        if twice := {field for field in given if given.count(field) > 1}:
            msg = f"{', '.join(sorted(twice))}: one column for each field"
            raise ValueError(msg)
        return self

    @property
    def signature(self) -> frozenset[str]:
        """What tables that it fits have in common: their headers, in any order."""
        return signature(self.columns)

    def fits(self, headers: Iterable[str]) -> bool:
        """Tell whether a table with these headers can be read with it."""
        return self.signature == signature(headers)


class _Mappings(_Model):
    mappings: tuple[Mapping, ...]


def signature(headers: Iterable[str]) -> frozenset[str]:
    """Headers of a table without case, spaces and order."""
    return frozenset(" ".join(header.casefold().split()) for header in headers)


def mapping_of(
    proposals: Iterable[Proposal],
    kind: Kind,
    *,
    crs: str = "",
    constants: dict[str, str] | None = None,
) -> Mapping:
    """Make a mapping of what was proposed."""
    columns = {proposal.header: proposal.column for proposal in proposals}
    return Mapping(kind=kind, columns=columns, crs=crs, constants=constants or {})


def to_yaml(mappings: Iterable[Mapping]) -> str:
    """Write mappings as YAML."""
    plain_data = [one.model_dump(exclude_defaults=True) for one in mappings]
    text: str = yaml.safe_dump(
        {"mappings": plain_data}, allow_unicode=True, sort_keys=False, width=100
    )
    return text


def read_mappings(file: Path) -> tuple[Mapping, ...]:
    """Read mappings from a YAML file.

    Raises
    ------
    DataError
        The file isn't one of mappings; every finding is in it.
    """
    content, lines, findings = _yaml.read(file)
    if not findings:
        try:
            return _Mappings.model_validate(content).mappings
        except ValidationError as error:
            for problem in error.errors(include_url=False):
                row = _yaml.place(problem["loc"], lines)
                field = next((str(p) for p in problem["loc"][::-1] if isinstance(p, str)), "")
                found = str(problem["input"])[:80]
                expected = problem["msg"].removeprefix("Value error, ")
                findings.append(Finding(file.name, row, field, found, expected))
    raise DataError(findings)
