"""What pygeoapi asks for features: a provider over one collection in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import g, request
from pygeoapi.provider.base import (
    BaseProvider,
    ProviderInvalidQueryError,
    ProviderItemNotFoundError,
)

from data._message import Message, of_error
from layers.ogc.places import CRS84, read_box
from layers.ogc.selection import ordered, selected

if TYPE_CHECKING:
    from data._message import Lang
    from layers.exchange.fields import LayerField
    from layers.exchange.layer import Layer
    from layers.ogc.collections import Collection

NAME: Final = f"{__name__}.MemoryProvider"
_TYPES: Final[dict[str, dict[str, Any]]] = {
    "text": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "partial_date": {"type": "string"},
    "list": {"type": "array", "items": {"type": "string"}},
}


def field_schema(field: LayerField, lang: Lang) -> dict[str, Any]:
    """Describe a field as JSON Schema in one language."""
    schema = {
        "title": field.title.of(lang),
        "description": field.text.of(lang),
        **_TYPES[field.type],
    }
    if field.codes and field.type == "text":
        schema["enum"] = list(field.codes)
    if field.unit:
        schema["x-ogc-unit"] = field.unit
    return schema


class MemoryProvider(BaseProvider):  # type: ignore[misc]
    """A collection in one language; pygeoapi makes one for each request.

    Parameters
    ----------
    provider_def
        With `data`, a :class:`layers.ogc.collections.Collection`, and `options`: `lang`.
    """

    def __init__(self, provider_def: dict[str, Any]) -> None:
        super().__init__(provider_def)
        self.collection: Collection = provider_def["data"]
        self.lang: Lang = provider_def["options"]["lang"]
        self.layer: Layer = self.collection.layers[self.lang]
        self._fields = self.get_fields()

    def get_fields(self) -> dict[str, dict[str, Any]]:
        """Give the JSON Schema of each field by its name."""
        return {field.name: field_schema(field, self.lang) for field in self.layer.about.fields}

    def get_domains(
        self,
        properties: list[str] = [],  # noqa: B006
        current: bool = False,  # noqa: FBT001, FBT002
    ) -> tuple[dict[str, list[Any]], bool]:
        """List the values that fields have, sorted; `True`: they are those of the data.

        Parameters
        ----------
        properties
            Names of the fields; all where empty.
        """
        del current
        domains = {}
        for name in properties or self._fields:
            found: set[Any] = set()
            for record in self.layer.records:
                value = record[name]
                found.update(value if isinstance(value, list) else [value])
            domains[name] = sorted(found - {None})
        return domains, True

    def query(
        self,
        *,
        offset: int = 0,
        limit: int = 10,
        resulttype: str = "results",
        bbox: list[float] | tuple[float, ...] = (),
        properties: list[tuple[str, str]] | tuple[tuple[str, str], ...] = (),
        sortby: list[dict[str, str]] | tuple[dict[str, str], ...] = (),
        select_properties: list[str] | tuple[str, ...] = (),
        skip_geometry: bool = False,
        crs_transform_spec: Any = None,  # noqa: ANN401
        **_: Any,  # noqa: ANN401
    ) -> dict[str, Any]:
        """Give a page of features.

        Parameters
        ----------
        offset, limit
            Features to pass over, and most to give.
        resulttype
            "hits" gives the number only.
        bbox
            Where there is one, the box of the request is used: this one was turned into WGS 84
            by two of its corners, and the sides of a box in VN-2000 are no meridians.
        properties
            Values that fields must have.
        sortby
            Fields, each with "+" or "-".
        select_properties
            Fields to give; all where empty.
        crs_transform_spec
            Names the system of the coordinates.

        Raises
        ------
        ProviderInvalidQueryError
            A field can't have such a value, or the box is wrong.
        """
        try:
            numbers = self._boxed() if bbox else list(range(len(self.layer.records)))
            numbers = selected(self.layer, numbers, properties)
        except ValueError as error:
            g.told = of_error(error)
            raise ProviderInvalidQueryError(user_msg=str(error)) from error
        keys = [(key["property"], key["order"] == "-") for key in sortby]
        numbers = ordered(self.layer, numbers, keys)
        page = [] if resulttype == "hits" else numbers[offset : offset + limit]
        uri = _target(crs_transform_spec)
        return {
            "type": "FeatureCollection",
            "numberMatched": len(numbers),
            "numberReturned": len(page),
            "features": [
                self._feature(number, uri, fields=select_properties, geometry=not skip_geometry)
                for number in page
            ],
        }

    def get(self, identifier: str, **given: Any) -> dict[str, Any]:  # noqa: ANN401
        """Give one feature.

        Raises
        ------
        ProviderItemNotFoundError
            There is none with this identifier.
        """
        if identifier not in self.collection.numbers:
            g.told = message = Message("there is no item with this identifier")
            raise ProviderItemNotFoundError(user_msg=message)
        uri = _target(given.get("crs_transform_spec"))
        return self._feature(self.collection.numbers[identifier], uri)

    def _boxed(self) -> list[int]:
        uri = request.args.get("bbox-crs", CRS84)
        return self.collection.places[uri].inside(read_box(request.args["bbox"]))

    def _feature(
        self,
        number: int,
        uri: str,
        *,
        fields: list[str] | tuple[str, ...] = (),
        geometry: bool = True,
    ) -> dict[str, Any]:
        record = self.layer.records[number]
        return {
            "type": "Feature",
            "id": record[self.layer.about.identifier],
            "geometry": self.collection.places[uri].members[number] if geometry else None,
            "properties": {name: record[name] for name in fields or record},
        }


def _target(spec: Any) -> str:  # noqa: ANN401
    return CRS84 if spec is None else str(spec.target_crs_uri)
