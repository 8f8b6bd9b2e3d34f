"""How a file is read: kind of rows, columns, what holds for all rows, names, coordinates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast, get_args

import altair as alt
import pandas as pd
import shapely
import streamlit as st

from data.importing.fields import KINDS, Unit, fields, fields_of, needed, vocabulary
from data.importing.mappings import Column
from layers.imports import state as import_state
from layers.imports.words import ROWS, UNITS, field_word
from layers.numbers import number
from layers.safe_html import element
from layers.words import BASIS

if TYPE_CHECKING:
    from collections.abc import Mapping as MappingOf

    import geopandas as gpd

    from data.importing.context import Context
    from data.importing.fields import Kind
    from data.importing.mappings import Mapping
    from data.importing.parts import Import, Part
    from data.importing.systems import Candidate
    from layers.imports.state import Pending
    from layers.words import Words

_NAMES: Final = frozenset({"I301", "I302", "I305"})  # findings on names that may be settled
_MOST_NAMES: Final = 50
_EXAMPLE: Final = 40  # characters
_LEAVE: Final = ""
_NOTHING: Final = "-"  # an empty choice of the table would be shown as None
_NEW: Final = "new"


def kind_choice(held: Pending, found: Import, w: Words) -> None:
    """Ask what the rows are; told from headers and geometry at first."""
    guessed = ", ".join(dict.fromkeys(w.of(ROWS, part.kind) for part in found.parts if part.kind))
    said = w("as the headers say: {kind}", kind=guessed) if guessed else w("please choose")
    key = f"import_kind_{held.sha256[:8]}"
    choice = st.selectbox(
        w("What the rows are"),
        ["", *KINDS],
        index=["", *KINDS].index(held.kind or ""),
        key=key,
        format_func=lambda kind: w.of(ROWS, kind) if kind else said,
    )
    if (choice or None) != held.kind:
        import_state.say(held, kind=cast("Kind | None", choice or None), mappings=())
        st.rerun()


def crs_choice(
    held: Pending,
    found: Import,
    communes: gpd.GeoDataFrame,
    w: Words,
) -> None:
    """Offer coordinate systems where a file states none, each with where it would land."""
    candidates = [one for part in found.parts for one in part.candidates]
    if not candidates and not held.crs:
        return
    names: dict[str, str] = {}
    for one in candidates:
        names.setdefault(one.crs, _candidate_text(one, w))
    if held.crs:
        names.setdefault(held.crs, held.crs)
    with st.container(key="crs", border=True):
        left, right = st.columns([58, 42], gap="medium")
        with left:
            st.html(element("b", w("Coordinate system of the file")))
            choice = st.radio(
                w("The same numbers land elsewhere in each; choose the one of your table"),
                list(names),
                index=list(names).index(held.crs) if held.crs else None,
                key=f"import_crs_{held.sha256[:8]}",
                format_func=names.__getitem__,
            )
        if candidates:
            with right:
                st.altair_chart(_landing(candidates, communes), width="stretch")
    if choice and choice != held.crs:
        import_state.say(held, crs=choice)
        st.rerun()


def _candidate_text(one: Candidate, w: Words) -> str:
    share = number(one.inside * 100.0, w.lang, decimals=0)
    text = w("{share} % of the points in the province", share=share)
    if not pd.isna(one.distance_km):
        away = number(one.distance_km, w.lang, decimals=0)
        text += "; " + w("{away} km from where they are known to lie", away=away)
    return f"{one.name} ({one.crs}): {text}"


def _landing(candidates: list[Candidate], communes: gpd.GeoDataFrame) -> alt.LayerChart:
    """Draw where points would land under each system, on the outline of the province."""
    outline = shapely.union_all(communes.geometry.to_numpy()).simplify(0.01)
    ground = alt.InlineData(values=[_clockwise(outline)])
    boxes = alt.InlineData(
        values=[
            {**_clockwise(shapely.box(*one.bounds).buffer(0.01)), "properties": {"crs": one.crs}}
            for one in candidates
        ],
    )
    base = alt.Chart(ground).mark_geoshape(fill="#e6eaee", stroke="#8a949e")
    landed = alt.Chart(boxes).mark_geoshape(fillOpacity=0.25, strokeWidth=2)
    colour = alt.Color("properties.crs:N", title=None, legend=alt.Legend(orient="bottom"))
    return cast(
        "alt.LayerChart",
        (base + landed.encode(color=colour, stroke=colour))
        .project("mercator")
        .properties(height=230),
    )


def _clockwise(shape: Any) -> dict[str, Any]:  # noqa: ANN401
    """Write a feature whose rings run as Vega wants them; it would fill the world otherwise."""
    turned = shapely.orient_polygons(shape, exterior_cw=True)
    return {"type": "Feature", "geometry": shapely.geometry.mapping(turned)}


def columns_form(held: Pending, found: Import, w: Words) -> None:
    """Put the table of columns, constants and names of each sheet, to be read anew together."""
    parts = [part for part in found.parts if part.mapping is not None]
    if not parts:
        return
    unsure = any(p.confidence < 1.0 for part in parts for p in part.proposals)
    label = w("How the columns are read: check and change")
    with st.expander(label, expanded=unsure and found.has_errors), st.form("import_columns"):
        edited = [_sheet(part, context, held, w) for part, context in _pairs(found)]
        constants = _constants(held, parts, found, w)
        if st.form_submit_button(w("Read the file so"), type="secondary"):
            mappings = tuple(
                mapping.model_copy(
                    update={
                        "constants": {
                            key: text
                            for key, text in {**mapping.constants, **constants}.items()
                            if text and (key in _ABOUT or key in fields_of(mapping.kind))
                        },
                    },
                )
                for mapping in edited
            )
            import_state.say(held, mappings=mappings)
            st.rerun()


_ABOUT: Final = ("publisher", "document", "document_date")


def _pairs(found: Import) -> list[tuple[Part, Context]]:
    pairs = zip(found.parts, found.contexts, strict=True)
    return [(part, context) for part, context in pairs if part.mapping is not None]


def _sheet(part: Part, context: Context, held: Pending, w: Words) -> Mapping:
    mapping = cast("Mapping", part.mapping)
    if len(held.sheets) > 1:
        st.html(element("b", f"{part.sheet.name} ({w.of(ROWS, mapping.kind)})"))
    key = f"{held.sha256[:8]}_{part.sheet.name}_{mapping.kind}"
    sure = {one.header: one.confidence for one in part.proposals}
    table = pd.DataFrame(
        [
            {
                "header": header,
                "example": _example(part.sheet.cells[header]),
                "field": column.field or _NOTHING,
                "unit": column.unit or _NOTHING,
                "as_of": column.as_of,
                "sure": sure.get(header, 1.0) * 100.0 if column.field else None,
            }
            for header, column in mapping.columns.items()
        ],
    )
    choices = [_NOTHING, *fields_of(mapping.kind)]
    told = st.data_editor(
        table,
        key=f"import_table_{key}",
        hide_index=True,
        num_rows="fixed",
        disabled=["header", "example", "sure"],
        height=min(420, 38 + 35 * len(table)),
        column_config={
            "header": st.column_config.TextColumn(w("Column of the file"), width="medium"),
            "example": st.column_config.TextColumn(w("First value"), width="small"),
            "field": st.column_config.SelectboxColumn(
                w("is read as"),
                options=choices,
                format_func=lambda field: field_word(_chosen(field), w),
                width="medium",
            ),
            "unit": st.column_config.SelectboxColumn(
                w("Unit"),
                options=[unit or _NOTHING for unit in get_args(Unit)],
                format_func=lambda unit: w.of(UNITS, _chosen(unit)),
                width="small",
            ),
            "as_of": st.column_config.TextColumn(
                w("Date of its figures"),
                help=w("2026, 2026-06 or 2026-06-30; empty where a column says it"),
                width="small",
            ),
            "sure": st.column_config.NumberColumn(w("Certainty"), format="%d %%", width="small"),
        },
    )
    columns = {
        str(row["header"]): Column(
            field=_chosen(row["field"]),
            unit=cast("Unit", _chosen(row["unit"])),
            as_of=str(row["as_of"] or "").strip(),
        )
        for row in told.to_dict("records")
    }
    areas = dict(mapping.areas)
    areas.update(_names(part, context, key, w))
    return mapping.model_copy(
        update={
            "columns": columns,
            "areas": {name: one for name, one in areas.items() if one},
        },
    )


def _chosen(choice: object) -> str:
    return "" if choice in (_NOTHING, None) else str(choice)


def _example(cells: pd.Series[str]) -> str:
    filled = cells[cells != ""]
    return str(filled.iloc[0])[:_EXAMPLE] if len(filled) else ""


def _names(part: Part, context: Context, key: str, w: Words) -> MappingOf[str, str]:
    """Ask which known area each name means that wasn't found, or was added as a new one."""
    mapping = cast("Mapping", part.mapping)
    asked = dict.fromkeys(one.found for one in part.findings if one.code in _NAMES)
    names = [*dict.fromkeys((*mapping.areas, *asked))][:_MOST_NAMES]
    if not names:
        return {}
    st.html(element("b", w("Names that need an answer")))
    chosen: dict[str, str] = {}
    new = [_NEW] if mapping.kind == "parks" else []
    for name in names:
        near = [one for one, _ in context.names.match(name).candidates]
        others = sorted(context.names.ids - set(near), key=context.names.names.__getitem__)
        options = [_LEAVE, *near, *new, *others]
        before = mapping.areas.get(name, _LEAVE)
        chosen[name] = st.selectbox(
            name.replace("[", r"\["),
            options,
            index=options.index(before) if before in options else 0,
            key=f"import_name_{key}_{name}",
            format_func=lambda one: _area_word(one, context, w),
        )
    return chosen


def _area_word(one: str, context: Context, w: Words) -> str:
    if one == _LEAVE:
        return w("no answer yet")
    return w("a new park or cluster") if one == _NEW else context.names.shown(one)


def _constants(
    held: Pending,
    parts: list[Part],
    found: Import,
    w: Words,
) -> dict[str, str]:
    """Ask for what holds for the whole file: date, basis, source; and what the file lacks."""
    mappings = [cast("Mapping", part.mapping) for part in parts]
    known = {key: text for one in mappings for key, text in one.constants.items()}
    kinds = list(dict.fromkeys(one.kind for one in mappings))
    possible = {name for kind in kinds for name in fields_of(kind)}
    key = f"import_constant_{held.sha256[:8]}"
    st.html(element("b", w("For the whole file")))
    left, middle, right = st.columns(3, gap="small")
    told: dict[str, str] = {}
    told["document"] = left.text_input(
        w("Source: document number"),
        known.get("document", ""),
        key=f"{key}_document",
        help=w("The name of the file is kept in any case"),
    )
    told["publisher"] = middle.text_input(
        w("Who gave it"), known.get("publisher", ""), key=f"{key}_publisher"
    )
    told["document_date"] = right.text_input(
        w("Date of the document"), known.get("document_date", ""), key=f"{key}_document_date"
    )
    if "as_of" in possible:
        told["as_of"] = left.text_input(
            w("Figures as of, where no column says it"),
            known.get("as_of", ""),
            key=f"{key}_as_of",
        )
    if "basis" in possible:
        bases = ["", *BASIS]
        before = known.get("basis", "")
        told["basis"] = middle.selectbox(
            w("Basis, where no column says it"),
            bases,
            index=bases.index(before) if before in bases else 0,
            key=f"{key}_basis",
            format_func=lambda one: w.of(BASIS, one) if one else w("not stated"),
        )
    for name in _lacking(mappings, known):
        told[name] = _lacking_box(name, known.get(name, ""), found, f"{key}_{name}", w)
    return told


def _lacking(mappings: list[Mapping], known: MappingOf[str, str]) -> list[str]:
    """Fields that rows must have and no column gives."""
    lacking = dict.fromkeys(
        name
        for one in mappings
        for name in needed(one.kind)
        if name not in {column.field for column in one.columns.values()}
    )
    return [name for name in lacking if name not in ("metric", "value", "plot_id", "tenant")] + [
        name for name in ("area",) if name in known and name not in lacking
    ]


def _lacking_box(name: str, before: str, found: Import, key: str, w: Words) -> str:
    label = w("{field}: the same for all rows", field=field_word(name, w))
    if name == "area":
        names = found.contexts[0].names
        options = ["", *sorted(names.ids, key=names.names.__getitem__)]
        words_of = {one: names.names[one] for one in names.ids}
    elif fields()[name]["type"] == "word":
        written = vocabulary()["words"][fields()[name]["words"]]
        options = ["", *written]
        words_of = {str(word): str(ways[0]) for word, ways in written.items()}
    else:
        return st.text_input(label, before, key=key)
    chosen: str = st.selectbox(
        label,
        options,
        index=options.index(before) if before in options else 0,
        key=key,
        format_func=lambda one: words_of.get(one, w("please choose")),
    )
    return chosen
