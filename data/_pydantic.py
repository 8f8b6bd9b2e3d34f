"""What pydantic expects, as messages that can be put into another language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from data._message import Message

if TYPE_CHECKING:
    from collections.abc import Mapping

_PLACE: Final = re.compile(r"(.*) at line (\d+) column (\d+)")
# Messages of pydantic by type, of JSON where it words them apart.
_TEMPLATES: Final = {
    "missing": Message("Field required"),
    "extra_forbidden": Message("Extra inputs are not permitted"),
    "model_type": Message("Input should be an object"),
    "dict_type": Message("Input should be an object"),
    "tuple_type": Message("Input should be a valid array"),
    "string_type": Message("Input should be a valid string"),
    "string_too_short": Message("String should have at least {min_length} character"),
    "string_too_long": Message("String should have at most {max_length} characters"),
    "string_pattern_mismatch": Message("String should match pattern '{pattern}'"),
    "int_type": Message("Input should be a valid integer"),
    "float_type": Message("Input should be a valid number"),
    "finite_number": Message("Input should be a finite number"),
    "greater_than": Message("Input should be greater than {gt}"),
    "greater_than_equal": Message("Input should be greater than or equal to {ge}"),
    "less_than": Message("Input should be less than {lt}"),
    "less_than_equal": Message("Input should be less than or equal to {le}"),
    "literal_error": Message("Input should be {expected}"),
    "date_type": Message("Input should be a valid date"),
    "date_parsing": Message("Input should be a valid date in the format YYYY-MM-DD, {error}"),
    "date_from_datetime_parsing": Message("Input should be a valid date or datetime, {error}"),
    "too_long": Message(
        "{field_type} should have at most {max_length} items after validation, not {actual_length}"
    ),
    "union_tag_invalid": Message(
        "Input tag '{tag}' found using {discriminator} does not match any of the expected tags: "
        "{expected_tags}"
    ),
    "union_tag_not_found": Message("Unable to extract tag using discriminator {discriminator}"),
}


def expected(problem: Mapping[str, Any]) -> str:
    """Give what an error of a validation expects.

    Parameters
    ----------
    problem
        One of ``ValidationError.errors()``.

    Returns
    -------
    str
        A :class:`data._message.Message`, where a validator of ours or a known one of pydantic
        refused.
    """
    values = {key: _whole(key, value) for key, value in problem.get("ctx", {}).items()}
    refusal = values.get("error")
    if isinstance(refusal, ValueError):
        (told,) = refusal.args
        return told if isinstance(told, Message) else str(told)
    plain = str(problem["msg"])
    if problem["type"] in _TEMPLATES:
        told = Message(_TEMPLATES[problem["type"]], **values)
        if told == plain:
            return told
    return plain


def no_json(problem: Mapping[str, Any]) -> Message:
    """Say what a text is that an error of the type "json_invalid" speaks of."""
    if not str(problem["input"]).strip():
        return Message("an empty file")
    return Message("no JSON ({error})", error=_whole("error", problem["ctx"]["error"]))


def _whole(key: str, value: object) -> object:
    """Give a number as pydantic prints it, and a sentence in its parts."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if not isinstance(value, str):
        return value
    if place := _PLACE.fullmatch(value):
        reason, line, column = place.groups()
        return Message(
            "{reason} at line {line} column {column}",
            reason=Message(reason),
            line=line,
            column=column,
        )
    if key == "error":
        return Message(value)
    first, either, last = value.rpartition(" or ")
    return Message("{first} or {last}", first=first, last=last) if either else value
