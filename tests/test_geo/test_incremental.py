"""A province worked out from what was known before is the one that is worked out from scratch."""

from __future__ import annotations

import datetime as dt
import math
import re
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given, settings
from hypothesis import strategies as st

from data._errors import DataError
from data.facts import Facts, load_facts
from data.scenarios import AssumeLease, Edit, Scenario, SetFigure, SetStatus
from data.workspace.merge import Laid, laid, merged, overlaid
from data.workspace.store import Workspace, open_workspace
from geo._registers import differing
from geo.plot_register import PlotRegister
from geo.scenarios import apply, run
from geo.snapshot import Province, load_province, snapshot, with_facts
from tests.test_data.changes import SOURCE, change, lease, observation, plot
from tests.test_geo.plots import box, leases

DAY = dt.date(2026, 11, 1)
AREAS = ("na-kcn-vsip-1", "na-kcn-wha-1-phase-1", "na-ccn-dong-vinh", "na-kcn-tan-thang")
areas = st.sampled_from(AREAS)
numbers = st.sampled_from(("1", "2", "3"))
days = st.sampled_from(("", "2024", "2026-03", "2026-05-09", "2026-10-01"))


def sources(date: str, number: int) -> list[dict[str, str]]:
    return [SOURCE, SOURCE | {"id": f"ws-{number + 2}", "date": date}]


@st.composite
def steps(draw: st.DrawFn) -> tuple[str, Any]:
    """One thing that a user does: leases, seldom plots or a figure, an undo or a redo."""
    kind = draw(st.sampled_from(["lease"] * 4 + ["plot", "figure", "outline", "switch"]))
    area_id, number = draw(areas), draw(numbers)
    if kind == "switch":
        return kind, draw(st.integers(0, 9))
    common = {"area_id": area_id}
    cells: dict[str, dict[str, Any]] = {
        "lease": {
            "lease_id": number,
            "area_ha": draw(st.sampled_from(("", "1.5", "20", "400"))),
            "signed_on": draw(days),
            "ends_on": draw(st.sampled_from(("", "2026-08-01"))),
        },
        "plot": {"plot_id": number, "as_of": draw(days), "geometry": box(draw(st.integers(1, 90)))},
        "figure": {"value": str(draw(st.integers(1, 60))), "as_of": draw(days)},
        "outline": {"as_of": draw(days), "geometry": box(200.0)},
    }
    return kind, (common | cells[kind], draw(days))


_ROWS: dict[str, tuple[str, dict[str, Any]]] = {
    "lease": ("leases", lease()),
    "plot": ("plots", plot()),
    "figure": ("observations", observation()),
    "outline": ("outlines", {}),
}


def do(workspace: Workspace, step: tuple[str, Any]) -> None:
    """Keep what a user does as a revision, or switch one off or on."""
    kind, given_ = step
    known = workspace.revisions()
    if kind == "switch":
        if known:
            one = known[given_ % len(known)]
            (workspace.undo if one.active else workspace.redo)(one.id)
        return
    cells, date = given_
    cells = cells | {"source_id": f"ws-{len(known) + 2}"}
    table, row = _ROWS[kind]
    rows = change(sources=sources(date, len(known)), **{table: [row | cells]})
    workspace.add(rows, kind="correction", title=kind)


def assert_same(one: Any, other: Any) -> None:  # noqa: ANN401
    """Compare all frames of two results exactly, with their types and order."""
    for name, left in vars(one).items():
        right = getattr(other, name)
        if "geometry" in getattr(left, "columns", ()):
            assert_geodataframe_equal(left, right)
        elif isinstance(left, pd.DataFrame):
            pd.testing.assert_frame_equal(left, right, check_exact=True)
        elif isinstance(left, pd.Series):
            pd.testing.assert_series_equal(left, right, check_exact=True)
        elif isinstance(left, Facts):
            assert_same(left, right)
        elif isinstance(left, PlotRegister):
            assert_geodataframe_equal(left.whole.plots, right.whole.plots)
            pd.testing.assert_frame_equal(left.whole.leases, right.whole.leases)
        else:
            assert left == right, name


BUNDLED = load_facts()
PRESENT = load_province("nghe-an", facts=BUNDLED, boundaries="bundled")


@settings(max_examples=5)
@given(done=st.lists(steps(), min_size=1, max_size=5))
def test_one_change_after_the_other_comes_to_what_all_come_to(done: list[tuple[str, Any]]) -> None:
    before: Laid | None = None
    province: Province = PRESENT
    with (
        tempfile.TemporaryDirectory() as folder,
        open_workspace(Path(folder) / "workspace.gpkg") as workspace,
    ):
        for step in done:
            do(workspace, step)
            before = laid(BUNDLED, workspace, before=before)
            province = with_facts(province, before.facts)
        facts = merged(BUNDLED, workspace)
    assert_same(before.facts if before else BUNDLED, facts)
    afresh = load_province("nghe-an", facts=facts, boundaries="bundled")
    assert_same(province, afresh)
    assert_same(snapshot(province, DAY), snapshot(afresh, DAY))


@settings(max_examples=5)
@given(
    edits=st.lists(
        st.builds(AssumeLease, area_id=st.just(AREAS[0]), hectares=st.sampled_from((0.5, 2.0)))
        | st.builds(SetStatus, area_id=areas, status=st.sampled_from(("operating", "planned")))
        | st.builds(
            SetFigure,
            area_id=areas,
            metric=st.just("industrial_land_ha"),
            value=st.sampled_from((300.0, 500.0)),
        ),
        max_size=4,
    ),
)
def test_a_scenario_on_a_register_comes_to_what_its_facts_come_to(edits: list[Edit]) -> None:
    own = change(
        plots=[
            plot(plot_id="1") | {"geometry": box(5.0)},
            plot(plot_id="2") | {"geometry": box(3.0, at=200.0)},
        ],
        leases=[lease(plot_id="1", area_ha="1", signed_on="2026-02-01")],
    )
    present = with_facts(PRESENT, overlaid(BUNDLED, [("own", own)]))
    scenario = Scenario(id="x", name="x", province="nghe-an", as_of=DAY, edits=tuple(edits))
    try:
        facts = apply(present.facts, scenario)
    except DataError as error:
        with pytest.raises(DataError, match=re.escape(str(error))):
            run(present, scenario)
        return
    afresh = load_province("nghe-an", facts=facts, boundaries="bundled")
    assert_same(run(present, scenario), snapshot(afresh, DAY))


def test_only_areas_with_other_rows_differ() -> None:
    before = leases({"lease_id": "1"}, {"lease_id": "2", "area_ha": 2.0})
    other = leases({"lease_id": "1"}, area_id=AREAS[1])
    now = pd.concat([other, before.iloc[::-1]], ignore_index=True)
    assert differing(before, before.copy()) == set()
    assert differing(pd.concat([before, other]), now) == {AREAS[0]}  # in another order
    assert differing(before, pd.concat([other, before])) == {AREAS[1]}
    assert differing(before, before.assign(area_ha=[math.nan, 2.5])) == {AREAS[0]}


def test_what_has_not_changed_is_taken_over() -> None:
    facts = with_facts(PRESENT, BUNDLED)
    assert facts.areas is PRESENT.areas
    assert facts.shares is PRESENT.shares
