"""The register of plots says the same whole, by area, and by rows looked at one at a time."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given, settings
from hypothesis import strategies as st

from data.dates import last_day
from data.facts import Facts, load_facts
from data.vocabulary import LEASE_STATUSES, PLOT_STATUSES, PLOT_USES
from geo._plot_states import STATUSES
from geo.plot_register import PlotRegister, places
from geo.plots import STATUS_FIELDS, Register, add_up, plots_on, register
from tests.test_geo.plots import CRS, SOURCE, leases, plots, with_own

if TYPE_CHECKING:
    import geopandas as gpd

AREAS = ("na-kcn-vsip-1", "na-kcn-nam-cam", "na-ccn-dong-vinh")
DAYS = ("", "2024", "2025-06", "2025-06-30", "2026-03-01", "2027-01")
DATES = [dt.date(2024, 12, 31), dt.date(2025, 12, 31), dt.date(2026, 6, 30), dt.date(2030, 1, 1)]
load_once = cache(load_facts)

plot_rows = st.lists(
    st.fixed_dictionaries(
        {
            "area_id": st.sampled_from((*AREAS, "elsewhere")),
            "plot_id": st.sampled_from(("1", "2", "3", "Lô 4")),
            "land": st.one_of(st.none(), st.floats(0.1, 50.0)),
            "area_ha": st.one_of(st.just(""), st.integers(1, 50).map(str)),
            "use": st.sampled_from(PLOT_USES),
            "status": st.sampled_from(["", *PLOT_STATUSES]),
            "as_of": st.sampled_from(DAYS),
            "source_id": st.sampled_from((SOURCE, "na-s01")),
        },
    ),
    max_size=14,
)
lease_rows = st.lists(
    st.fixed_dictionaries(
        {
            "area_id": st.sampled_from(AREAS),
            "plot_id": st.sampled_from(("", "1", "2", "9")),
            "area_ha": st.one_of(st.just(""), st.integers(1, 60).map(str)),
            "status": st.sampled_from(LEASE_STATUSES),
            "signed_on": st.sampled_from(DAYS),
            "ends_on": st.sampled_from(("", "2025-01-31", "2026-06-29", "2070")),
        },
    ),
    max_size=7,
)


def facts_of(rows: Any, lets: Any) -> Facts:  # noqa: ANN401
    return with_own(load_once(), plots=plots(*rows), leases=leases(*lets))


def area_of(kept: Register, area_id: str) -> Register:
    tables: tuple[Any, ...] = kept.plots, kept.leases
    return Register(
        *(table[table["area_id"] == area_id].reset_index(drop=True) for table in tables)
    )


def assert_same(one: Register, two: Register) -> None:
    assert_geodataframe_equal(one.plots, two.plots)
    pd.testing.assert_frame_equal(one.leases, two.leases)


@settings(max_examples=25, deadline=None)
@given(plot_rows, lease_rows, st.sets(st.sampled_from(AREAS)))
def test_areas_are_those_of_the_whole_whichever_is_asked_first(
    rows: Any,  # noqa: ANN401
    lets: Any,  # noqa: ANN401
    some: set[str],
) -> None:
    facts = facts_of(rows, lets)
    tables: tuple[Any, ...] = facts.plots, facts.leases
    here = [table[table["area_id"].isin(AREAS)] for table in tables]
    whole = register(here[0], here[1], facts.sources, CRS)
    kept, fresh = (PlotRegister(facts, AREAS, CRS) for _ in range(2))
    assert_same(kept.whole, whole)
    for area_id in AREAS:
        for one in (kept, fresh, PlotRegister(facts, AREAS, CRS, before=kept)):
            assert_same(one.of([area_id]), area_of(whole, area_id))
        shapes = here[0].loc[here[0]["area_id"] == area_id].geometry
        assert list(kept.shapes_of(area_id)) == [shape for shape in shapes if shape is not None]
    made: tuple[Any, ...] = whole
    mine = [table[table["area_id"].isin(list(some))] for table in made]
    wanted = Register(*(table.reset_index(drop=True) for table in mine))
    assert_same(PlotRegister(facts, AREAS, CRS).of(some), wanted)
    assert_same(kept.of([*some, "elsewhere"]), wanted)


def test_a_register_is_of_its_tables_and_areas_alone() -> None:
    rows = [{"land": 1.0, "plot_id": "1", "area_id": area_id} for area_id in (*AREAS, "elsewhere")]
    facts = facts_of(rows, [{"plot_id": "1", "signed_on": "2027"}])
    kept = PlotRegister(facts, AREAS, CRS)
    assert kept.land() is None
    assert kept.fits(replace(facts), AREAS[::-1])
    assert not kept.fits(facts, AREAS[:1])
    for name in ("plots", "leases", "sources"):
        other = replace(facts, **{name: getattr(facts, name).copy()})
        assert not kept.fits(other, AREAS)
        assert_same(PlotRegister(other, AREAS, CRS, before=kept).whole, kept.whole)
        again = PlotRegister(other, AREAS, CRS, before=kept)
        assert (again.land() is None) == (name == "plots")
        assert_same(PlotRegister(other, AREAS, CRS, before=again).whole, kept.whole)
        fewer = PlotRegister(other, AREAS[:1], CRS, before=kept)
        assert fewer.land() is None
        assert_same(fewer.whole, area_of(kept.whole, AREAS[0]))


@settings(max_examples=40, deadline=None)
@given(plot_rows, lease_rows)
def test_days_are_those_of_each_row(rows: Any, lets: Any) -> None:  # noqa: ANN401
    facts = facts_of(rows, lets)
    kept = register(facts.plots, facts.leases, facts.sources, CRS)
    assert list(kept.plots["day"]) == days(facts, facts.plots, "as_of")
    assert list(kept.leases["first"]) == days(facts, facts.leases, "signed_on")
    ends = [last_day(text) or dt.date.max for text in facts.leases["ends_on"]]
    assert list(kept.leases["last"]) == [day.toordinal() for day in ends]


def days(facts: Facts, table: pd.DataFrame, field: str) -> list[int]:
    """Day of each row by the words of `register`, row by row."""
    tables = ((facts.plots, "as_of"), (facts.leases, "signed_on"))
    known = [
        (row["area_id"], own_day(facts, row, name))
        for one, name in tables
        for row in one.to_dict("records")
    ]
    return [
        own_day(facts, row, field)
        or max(day for area_id, day in known if area_id == row["area_id"])
        for row in table.to_dict("records")
    ]


def own_day(facts: Facts, row: dict[Any, Any], field: str) -> int:
    day = last_day(row[field]) or last_day(facts.sources["date"].get(row["source_id"], ""))
    return day.toordinal() if day else 0


@settings(max_examples=40, deadline=None)
@given(plot_rows, lease_rows, st.sampled_from(DATES))
def test_a_state_is_the_newest_row_of_its_plot_under_its_leases(
    rows: Any,  # noqa: ANN401
    lets: Any,  # noqa: ANN401
    as_of: dt.date,
) -> None:
    facts = facts_of(rows, lets)
    kept = register(facts.plots, facts.leases, facts.sources, CRS)
    found = plots_on(kept, as_of)
    assert list(found.index) == newest_rows(kept.plots, as_of.toordinal())
    assert found["status"].isin(STATUSES).all()
    # A plot alone, with its own leases, is in the state that it has among all.
    for at in range(len(found)):
        row = found.iloc[[at]]
        one, two = (
            table[
                (table["area_id"] == row["area_id"].iloc[0])
                & (table["plot_id"] == row["plot_id"].iloc[0])
            ]
            for table in (kept.plots, kept.leases)
        )
        alone = plots_on(Register(one, two), as_of)
        assert_frame(alone, row)


def assert_frame(one: gpd.GeoDataFrame, two: gpd.GeoDataFrame) -> None:
    columns = ["status", "status_from", *STATUS_FIELDS, "area_ha", "day"]
    pd.testing.assert_frame_equal(pd.DataFrame(one)[columns], pd.DataFrame(two)[columns])


def newest_rows(table: pd.DataFrame, today: int) -> list[int]:
    newest: dict[tuple[str, str], int] = {}
    for at, row in enumerate(table.to_dict("records")):
        key = row["area_id"], row["plot_id"]
        before = newest.get(key)
        if row["day"] <= today and (before is None or row["day"] >= table["day"].iloc[before]):
            newest[key] = at
    return sorted(newest.values())


@settings(max_examples=25, deadline=None)
@given(plot_rows, lease_rows, st.sampled_from(DATES))
def test_figures_have_the_dates_of_the_oldest_and_the_newest_plot(
    rows: Any,  # noqa: ANN401
    lets: Any,  # noqa: ANN401
    as_of: dt.date,
) -> None:
    facts = facts_of(rows, lets)
    found = plots_on(register(facts.plots, facts.leases, facts.sources, CRS), as_of)
    kinds = {str(key): str(kind) for key, kind in facts.areas["kind"].items()}
    for row in add_up(found, kinds).to_dict("records"):
        mine = found[(found["area_id"] == row["area_id"]) & (found["as_of"] != "")]
        texts = list(mine.sort_values("day", kind="stable")["as_of"]) or [""]
        assert (row["oldest_as_of"], row["newest_as_of"]) == (texts[0], texts[-1])
        whole = found.loc[found["area_id"] == row["area_id"], "area_ha"]
        assert np.isclose(row["plots_ha"], whole.sum())


@given(st.lists(st.sampled_from("abc")))
def test_places_are_the_rows_of_each_area(ids: list[str]) -> None:
    found = places(pd.DataFrame({"area_id": pd.Series(ids, dtype="str")}))
    assert {key: rows.tolist() for key, rows in found.items()} == {
        key: [at for at, one in enumerate(ids) if one == key] for key in dict.fromkeys(ids)
    }
