"""What a writer is given: layers with their description, and how numbers are written."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, Protocol

from layers.exchange.about import describe

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from data._message import Lang
    from geo.snapshot import Snapshot
    from layers.exchange.about import About
    from layers.exchange.layer import Layer

Numbers = Literal["vi", "international"]


class OnStep(Protocol):
    """Told of each step: what is written, how many steps are done, and how many there are."""

    def __call__(self, what: str, done: int, total: int) -> None:
        """Take note of a step."""


def _silent(what: str, done: int, total: int) -> None:
    """Tell nobody."""
    del what, done, total


@dataclass(frozen=True)
class Bundle:
    """Layers of one state of a province, with what the file says of itself.

    Attributes
    ----------
    layers
        Those asked for, and the tables that explain them.
    keys
        Those asked for.
    subject, remark
        As in :func:`layers.exchange.about.describe`.
    """

    state: Snapshot
    layers: tuple[Layer, ...]
    keys: tuple[str, ...]
    about: About
    numbers: Numbers
    subject: str = ""
    remark: str = ""
    on_step: OnStep = _silent

    @property
    def lang(self) -> Lang:
        """Language of names and texts."""
        return self.about.lang

    @property
    def drawn(self) -> tuple[Layer, ...]:
        """The layers that have a geometry."""
        return tuple(layer for layer in self.layers if layer.geometry is not None)

    @property
    def tables(self) -> tuple[Layer, ...]:
        """The layers that have none."""
        return tuple(layer for layer in self.layers if layer.geometry is None)

    @property
    def sources(self) -> dict[str, str]:
        """Title of each source by its id."""
        return {
            str(record["source_id"]): str(record["title"])
            for layer in self.tables
            if layer.key == "sources"
            for record in layer.records
        }


def of_layer(bundle: Bundle, layer: Layer) -> Bundle:
    """Give the same bundle with the description of one of its layers, for a file of its own."""
    about = describe(
        bundle.state,
        [layer],
        keys=[layer.key],
        lang=bundle.lang,
        crs=bundle.about.crs,
        subject=bundle.subject,
        remark=bundle.remark,
    )
    return replace(bundle, about=about)


def write_zip(path: Path, members: Iterable[tuple[str, bytes]], *, date: str) -> None:
    """Write a zip whose bytes depend on its members and a day only.

    Parameters
    ----------
    members
        Names and contents, in the order of the archive.
    date
        Of the members, "2026-06-30"; 1980-01-01 where it is before that.
    """
    year, month, day = (int(part) for part in max(date, "1980-01-01").split("-"))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            member = zipfile.ZipInfo(name, (year, month, day, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            archive.writestr(member, content)
