"""What a data set is: title, abstract, date, boundaries, sources, licence; as text and as ISO XML.

Every file carries it in the form that its format has for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

import numpy as np
import shapely
from pyproj import CRS

from geo.crs import WGS84
from geo.export import GENERATOR, metadata
from geo.records import sources_of
from layers.exchange._xml import add, document
from layers.exchange.layer import cited
from layers.numbers import day
from layers.words import mark, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from data._message import Lang
    from data.scenarios import Scenario
    from geo.snapshot import Province, Snapshot
    from layers.exchange.layer import Layer

ISO_URI: Final = "http://www.isotc211.org/2005/gmd"
_GCO: Final = "http://www.isotc211.org/2005/gco"
_LICENCES: Final = {
    "bundled": mark(
        "Figures and names: MIT licence; each figure names its source. Outlines: Open Database "
        "License (ODbL) 1.0, © OpenStreetMap contributors; keep this attribution.",
    ),
    "official": mark(
        "Figures and names: MIT licence; each figure names its source. Outlines: MIT licence, "
        "thanglequoc/vietnamese-provinces-database, from the state publisher's reference map.",
    ),
    "own": mark(
        "Figures and names: MIT licence; each figure names its source. Outlines: from a file of "
        "the user; the terms of its owner apply.",
    ),
}


@dataclass(frozen=True)
class About:
    """What a data set is, in one language.

    `crs` is the system of the coordinates in the file, "EPSG:n"; `record` everything as JSON
    has it, as the `metadata` member of GeoJSON does.
    """

    lang: Lang
    key: str
    title: str
    abstract: str
    as_of: str
    boundaries: str
    accuracy: str
    attribution: str
    licence: str
    crs: str
    record: dict[str, Any]

    def lines(self) -> list[tuple[str, str]]:
        """Pair headings with texts, for readers."""
        w = words(self.lang)
        documents = "; ".join(
            ", ".join(part for part in (item["number"], item["title"]) if part)
            for item in self.record["documents"]
        )
        return [
            (w("Data set"), self.title),
            (w("Abstract"), self.abstract),
            (w("As of"), self.as_of),
            (w("Documents"), documents),
            (w("Boundaries"), f"{self.boundaries}. {self.accuracy} {self.attribution}".strip()),
            (w("Coordinates"), f"{self.crs} ({CRS(self.crs).name})"),
            (w("Licence"), self.licence),
            (w("Made by"), GENERATOR),
        ]

    def text(self) -> str:
        """Write everything as lines."""
        return "\n".join(f"{heading}: {text}" for heading, text in self.lines()) + "\n"


def describe(
    state: Snapshot,
    layers: Sequence[Layer],
    *,
    keys: Sequence[str],
    lang: Lang,
    crs: str = WGS84,
    subject: str = "",
    remark: str = "",
) -> About:
    """Say what a file with some layers is.

    Parameters
    ----------
    state
        Date, documents and boundaries.
    layers
        What is in the file, the table of the sources among it.
    keys
        The layers asked for; where it is one, it gives the title.
    crs
        System of the coordinates in the file.
    subject
        What the title begins with; the name of the province where empty.
    remark
        What the abstract ends with, such as that the data are assumed.
    """
    w = words(lang)
    asked = [layer for layer in layers if layer.key in keys and layer.geometry is not None]
    asked = asked or [layer for layer in layers if layer.key in keys]
    subject = subject or getattr(state.resolution.name, lang)
    source = state.boundary_source
    if len(asked) == 1:
        title = f"{subject}: {asked[0].about.title.of(lang)}, {day(state.as_of)}"
        abstract = asked[0].about.abstract.of(lang)
    else:
        title = f"{subject}: {w('Industrial land')}, {day(state.as_of)}"
        names = "; ".join(layer.about.title.of(lang) for layer in asked)
        abstract = w("Layers: {names}.", names=names)
    abstract = f"{abstract} {remark}".strip()
    licence = w(_LICENCES.get(source.key, _LICENCES["own"]))
    # The present members of the metadata stay; what a file must say besides is added.
    record = {
        **metadata(state, lang=lang),
        "title": title,
        "abstract": abstract,
        "date": state.as_of.isoformat(),
        "licence": licence,
        "crs": crs,
        "layers": list(keys),
        "sources": sources_of(state, cited(layers)),
    }
    return About(
        lang=lang,
        key=f"{state.resolution.province}-{state.as_of.isoformat()}",
        title=title,
        abstract=abstract,
        as_of=state.as_of.isoformat(),
        boundaries=getattr(source, f"name_{lang}"),
        accuracy=getattr(source, f"accuracy_{lang}"),
        attribution=source.attribution,
        licence=licence,
        crs=crs,
        record=record,
    )


def bounds(layers: Iterable[Layer]) -> tuple[float, float, float, float] | None:
    """Give west, south, east, north of all layers in WGS 84; None where nothing is placed."""
    shapes = [np.asarray(layer.geometry.dropna()) for layer in layers if layer.geometry is not None]
    placed = np.concatenate(shapes) if shapes else np.array([])
    if not len(placed):
        return None
    west, south, east, north = shapely.total_bounds(placed).tolist()
    return west, south, east, north


def _text(parent: ET.Element, tag: str, value: str) -> None:
    add(add(parent, f"gmd:{tag}"), "gco:CharacterString", value)


def _code(parent: ET.Element, tag: str, kind: str, value: str) -> None:
    attributes = {
        "codeList": f"{ISO_URI}/resources/codelist/gmxCodelists.xml#{kind}",
        "codeListValue": value,
    }
    add(add(parent, f"gmd:{tag}"), f"gmd:{kind}", value, attributes)


def _date(parent: ET.Element, as_of: str) -> None:
    date = add(add(parent, "gmd:date"), "gmd:CI_Date")
    add(add(date, "gmd:date"), "gco:Date", as_of)
    _code(date, "dateType", "CI_DateTypeCode", "revision")


def _box(parent: ET.Element, layers: Sequence[Layer]) -> None:
    found = bounds(layers)
    if found is None:
        return
    extent = add(add(parent, "gmd:extent"), "gmd:EX_Extent")
    box = add(add(extent, "gmd:geographicElement"), "gmd:EX_GeographicBoundingBox")
    west, south, east, north = found
    for side, value in (
        ("westBoundLongitude", west),
        ("eastBoundLongitude", east),
        ("southBoundLatitude", south),
        ("northBoundLatitude", north),
    ):
        add(add(box, f"gmd:{side}"), "gco:Decimal", f"{value:.6f}")


def iso_xml(about: About, layers: Sequence[Layer]) -> str:
    """Write the description as ISO 19115 metadata in the XML of ISO/TS 19139.

    The sources are in the lineage; `layers` are what the extent is taken from.
    """
    root = ET.Element("gmd:MD_Metadata", {"xmlns:gmd": ISO_URI, "xmlns:gco": _GCO})
    _text(root, "fileIdentifier", about.key)
    _code(root, "language", "LanguageCode", "vie" if about.lang == "vi" else "eng")
    _code(root, "characterSet", "MD_CharacterSetCode", "utf8")
    _code(root, "hierarchyLevel", "MD_ScopeCode", "dataset")
    contact = add(add(root, "gmd:contact"), "gmd:CI_ResponsibleParty")
    _text(contact, "organisationName", GENERATOR)
    _code(contact, "role", "CI_RoleCode", "processor")
    add(add(root, "gmd:dateStamp"), "gco:Date", about.as_of)
    system = add(add(root, "gmd:referenceSystemInfo"), "gmd:MD_ReferenceSystem")
    _text(
        add(add(system, "gmd:referenceSystemIdentifier"), "gmd:RS_Identifier"),
        "code",
        about.crs,
    )
    data = add(add(root, "gmd:identificationInfo"), "gmd:MD_DataIdentification")
    citation = add(add(data, "gmd:citation"), "gmd:CI_Citation")
    _text(citation, "title", about.title)
    _date(citation, about.as_of)
    _text(data, "abstract", about.abstract)
    limits = add(add(data, "gmd:resourceConstraints"), "gmd:MD_LegalConstraints")
    _text(limits, "useLimitation", about.licence)
    _code(limits, "useConstraints", "MD_RestrictionCode", "license")
    _code(data, "language", "LanguageCode", "vie" if about.lang == "vi" else "eng")
    add(add(data, "gmd:topicCategory"), "gmd:MD_TopicCategoryCode", "planningCadastre")
    _box(data, layers)
    quality = add(add(root, "gmd:dataQualityInfo"), "gmd:DQ_DataQuality")
    scope = add(add(quality, "gmd:scope"), "gmd:DQ_Scope")
    _code(scope, "level", "MD_ScopeCode", "dataset")
    lineage = add(add(quality, "gmd:lineage"), "gmd:LI_Lineage")
    _text(
        lineage,
        "statement",
        f"{about.boundaries}. {about.accuracy} {about.attribution}".strip(),
    )
    for source in source_texts(about):
        _text(add(add(lineage, "gmd:source"), "gmd:LI_Source"), "description", source)
    return document(root)


def source_texts(about: About) -> list[str]:
    """Write each source that the data set names as one text."""
    return [
        ", ".join([key, *(str(value) for value in source.values() if value)])
        for key, source in about.record["sources"].items()
    ]


def scenario_texts(province: Province, scenario: Scenario, lang: Lang) -> tuple[str, str]:
    """Give subject and remark, as :func:`describe` takes them, of a file that holds a scenario.

    Parameters
    ----------
    province
        That the scenario is of.
    scenario
        Whose assumptions are in the data, with its own id among the sources.
    """
    w = words(lang)
    name = getattr(province.resolution.name, lang)
    return (
        w("{province}, scenario {name}", province=name, name=scenario.name),
        w(
            "Not facts: these data hold the assumptions of a scenario, whose source is {source}.",
            source=scenario.source_id,
        ),
    )
