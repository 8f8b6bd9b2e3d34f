"""Sources of figures: title with a link, publisher, date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from data.dates import printed_date
from layers._records import record, records
from layers.notes import own_note
from layers.safe_html import Html, element, join, link, text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geo.snapshot import Snapshot
    from layers.words import Words


# As the workspace names the sources of corrections and of files.
_OWN: Final = ("ws-", "own-")


def is_own(key: str) -> bool:
    """Tell whether a source was brought in by a user, and isn't one of the bundled ones."""
    return key.startswith(_OWN)


def source_date(value: str) -> str:
    """Write the date of a source; one that is no date is shown as it is."""
    try:
        return printed_date(value)
    except ValueError:
        return value


def sources_html(ids: Iterable[str], sources: pd.DataFrame, w: Words) -> Html:
    """Link the sources of a figure by title, with publisher and date."""
    found = []
    for key in ids:
        if key not in sources.index:
            found.append(text(key))
            continue
        source = record(sources, key)
        about = ", ".join(
            part for part in (source["publisher"], source_date(str(source["date"]))) if part
        )
        found.append(
            join(
                [
                    element("span", w("brought in"), class_="badge own") if is_own(key) else "",
                    link(source["url"], source["title"] or key),
                    element("small", f" ({about})") if about else "",
                ],
            ),
        )
    return join(found, Html("<br>")) if found else text(w("no source"))


def note_html(note: str, w: Words) -> Html:
    """Write a note of the tables as a paragraph."""
    return element("p", note_inline(note, w))


def note_inline(note: str, w: Words) -> Html:
    """Write a note; those of the tables are in English, and a page in Vietnamese says so."""
    if w.lang == "en":
        return text(note)
    if own := own_note(note, w):
        return text(own)
    return join([element("span", note, lang="en"), element("small", f" ({w('note in English')})")])


def source_name(key: str, sources: pd.DataFrame) -> str:
    """Name a source in plain text: publisher and date, else its title, else its id.

    What a user brought in is named by its title: the file or document.
    """
    if key not in sources.index:
        return key
    source = record(sources, key)
    if is_own(key):
        return str(source["title"])
    about = ", ".join(
        part for part in (source["publisher"], source_date(str(source["date"]))) if part
    )
    return str(about or source["title"] or key)


def source_counts(snapshot: Snapshot) -> pd.DataFrame:
    """Count what rests on each source of a province.

    Returns
    -------
    DataFrame
        Indexed by source id, most used first: `in_use`, the figures on the date that rest on
        it, and `printed`, the observations taken from it for areas of the province. Sources of
        facts of areas, of zones and of reports of the province are in it too.
    """
    ids = set(snapshot.areas.index)
    in_use = snapshot.figures["sources"].explode().dropna().value_counts()
    observations = snapshot.facts.observations
    printed = observations.loc[observations["area_id"].isin(ids), "source_id"].value_counts()
    reports = snapshot.facts.province_figures
    others = reports.loc[reports["province_code"] == snapshot.resolution.code, "source_id"]
    cited = {
        *snapshot.areas["source_ids"].explode().dropna(),
        *others,
        *(key for document in snapshot.resolution.documents for key in document.source_ids),
    }
    keys = [key for key in snapshot.facts.sources.index if key in cited or key in printed.index]
    counts = pd.DataFrame(index=pd.Index(keys, name="id"))
    counts["in_use"] = in_use.reindex(keys).fillna(0).astype(int)
    counts["printed"] = printed.reindex(keys).fillna(0).astype(int)
    return counts.sort_values(["in_use", "printed"], ascending=False, kind="stable")


def sources_table(snapshot: Snapshot, w: Words) -> Html:
    """Write the sources of a province: title, publisher, date, how many figures rest on each."""
    sources = snapshot.facts.sources
    lines = []
    for key, count in records(source_counts(snapshot)).items():
        source = record(sources, key)
        note = str(source["date_note"])
        lines.append(
            element(
                "tr",
                element(
                    "th",
                    link(source["url"], source["title"] or key),
                    element("small", key),
                    scope="row",
                ),
                element("td", own_note(str(source["publisher"]), w) or source["publisher"]),
                element(
                    "td",
                    source_date(str(source["date"])) or w("undated"),
                    element("small", own_note(note, w) or note) if note else "",
                    class_="date",
                ),
                element("td", count["in_use"], class_="number"),
                element("td", count["printed"], class_="number"),
            ),
        )
    heads = [
        w("Title"),
        w("Publisher"),
        w("Date"),
        w("Figures in use that rest on it"),
        w("Figures taken from it"),
    ]
    return element(
        "div",
        element(
            "table",
            element("thead", element("tr", *[element("th", head, scope="col") for head in heads])),
            element("tbody", *lines),
        ),
        class_="atlas-data scroll",
        tabindex="0",
        role="region",
        aria_label=w("Sources"),
    )


def licences_html(snapshot: Snapshot, w: Words) -> Html:
    """Say under what terms data and boundaries stand."""
    return element(
        "p",
        w(
            "Figures are facts from the sources named beside them. The code is under the MIT "
            "licence; data/LICENSES.md names the terms of every source of data.",
        ),
        f" {w('Boundaries')}: {snapshot.boundary_source.attribution}.",
        class_="atlas-hint",
    )
