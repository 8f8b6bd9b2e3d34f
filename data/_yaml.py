"""YAML as plain data, with every repeated key reported and the line of every value kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from data._errors import DataError, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

YamlPath = tuple[str | int, ...]

# libyaml reads ten times as quickly; it comes with PyYAML on nearly every machine.
_Safe: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEEPEST = 100


class _Loader(_Safe):  # type: ignore[misc]
    """Safe loader that leaves dates as written."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def place(path: Sequence[str | int], lines: dict[YamlPath, int]) -> str:
    """Write a path inside a YAML file, with the line of its nearest known part.

    Examples
    --------
    >>> place(("zones", 2, "name"), {("zones", 2): 41})
    'zones[2].name (line 41)'
    """
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    known = next(
        (
            lines[tuple(path[:end])]
            for end in range(len(path), -1, -1)
            if tuple(path[:end]) in lines
        ),
        None,
    )
    return text if known is None else f"{text} (line {known})".strip()


def read(file: Path) -> tuple[Any, dict[YamlPath, int], list[Finding]]:
    """Read a YAML file of mappings, lists and scalars.

    Parameters
    ----------
    file
        UTF-8 text.

    Returns
    -------
    tuple
        The data; the line of each value by its path; a finding for each repeated key.

    Raises
    ------
    DataError
        The file is missing, isn't UTF-8, isn't YAML or uses an alias.
    """
    try:
        text = file.read_text(encoding="utf-8")
        _refuse_depth(text)
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            if node is None:
                raise DataError([Finding(file.name, "", "", "an empty file", "a mapping")])
            lines: dict[YamlPath, int] = {}
            findings: list[Finding] = []
            seen: set[int] = set()
            for path, part, repeated in _walk(node, ()):
                if id(part) in seen:
                    row = place(path, {path: part.start_mark.line + 1})
                    raise DataError(
                        [Finding(file.name, row, "", "an alias (*)", "the value itself")]
                    )
                seen.add(id(part))
                here = {path: part.start_mark.line + 1}
                if repeated:
                    field, found = str(path[-1]), "the key a second time"
                    row = place(path, here)
                    findings.append(Finding(file.name, row, field, found, "each key once"))
                else:
                    lines |= here
            return loader.construct_document(node), lines, findings
        finally:
            loader.dispose()
    except OSError as error:
        raise DataError([Finding(file.name, "", "", str(error.strerror), "a file")]) from error
    except UnicodeDecodeError as error:
        found = f"byte {error.start} that is not UTF-8"
        raise DataError([Finding(file.name, "", "", found, "UTF-8 text")]) from error
    except RecursionError as error:
        raise DataError([Finding(file.name, "", "", "too many levels", "YAML")]) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        row = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        found = error.problem or "a syntax error"
        raise DataError([Finding(file.name, row, "", found, "YAML")]) from error
    except yaml.YAMLError as error:
        raise DataError([Finding(file.name, "", "", str(error), "YAML")]) from error


def _refuse_depth(text: str) -> None:
    """Raise an error for levels that would take the stack of a loader that recurses in C."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise RecursionError


def _walk(node: yaml.Node, path: YamlPath) -> Iterator[tuple[YamlPath, yaml.Node, bool]]:
    """Yield every value with its path, and every repeated key as (path, key, True)."""
    yield path, node, False
    if isinstance(node, yaml.MappingNode):
        keys: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            if name in keys:
                yield (*path, name), key, True
            keys.add(name)
            yield from _walk(value, (*path, name))
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _walk(value, (*path, index))
