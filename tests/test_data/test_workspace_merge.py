"""Revisions laid over the facts, and one figure corrected on the spot."""

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from data._cells import as_text, typed
from data._errors import DataError
from data.facts import Facts
from data.workspace.change import Change
from data.workspace.correction import correct_figure
from data.workspace.merge import merged, overlaid, own_communes
from data.workspace.store import Workspace, open_workspace
from geo.snapshot import Snapshot, load_province, snapshot
from tests.test_data.changes import AREA, SOURCE, change, lease, observation, plot
from tests.vietnamese import refused

DAY = dt.date(2026, 6, 30)
NOW = dt.datetime(2026, 11, 21, 6, tzinfo=dt.UTC)
NEW_AREA = {
    "id": "na-kcn-thu-nghiem",
    "province_code": "40",
    "kind": "industrial_park",
    "name_vi": "Khu công nghiệp Thử Nghiệm",
    "name_en": "Trial",
    "counted": "yes",
    "source_ids": "ws-1",
}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return open_workspace(tmp_path / "workspace.gpkg")


def on_day(facts: Facts, day: dt.date = DAY) -> Snapshot:
    """Account of Nghệ An with these facts."""
    return snapshot(load_province("nghe-an", facts=facts, boundaries="bundled"), day)


@pytest.mark.parametrize("table", ["areas", "observations", "sources", "nodes"])
def test_text_of_typed_cells_becomes_the_same_again(facts: Facts, table: str) -> None:
    frame = getattr(facts, table)
    frame = frame.reset_index() if frame.index.name else frame.drop(columns=["row", "file", "line"])
    again = typed(table, as_text(table, frame))
    pd.testing.assert_frame_equal(again, frame)


def test_changes_without_rows_leave_the_facts_as_they_are(facts: Facts) -> None:
    assert overlaid(facts, [("nothing", Change())]) is facts


def test_filled_cells_replace_and_empty_ones_do_not(facts: Facts) -> None:
    over = overlaid(facts, [("r", change(areas=[{"id": AREA, "developer": "Mới"}, NEW_AREA]))])
    assert over.areas.loc[AREA, "developer"] == "Mới"
    before, after = facts.areas.drop(columns="developer"), over.areas.drop(columns="developer")
    pd.testing.assert_frame_equal(after.loc[before.index], before)
    assert over.areas.index.tolist() == [*facts.areas.index, "na-kcn-thu-nghiem"]
    assert over.areas.dtypes.equals(facts.areas.dtypes)
    assert over.sources.loc["ws-1", "publisher"] == SOURCE["publisher"]
    assert facts.areas.loc[AREA, "developer"] != "Mới"


def test_observations_are_added_with_their_place(facts: Facts) -> None:
    over = overlaid(facts, [("revision 1 (a.csv)", change(observations=[observation()]))])
    added = over.observations.iloc[len(facts.observations) :]
    assert added[["value", "file", "line"]].to_dict("records") == [
        {"value": 270.0, "file": "revision 1 (a.csv)", "line": 2},
    ]
    assert over.observations["row"].is_unique
    pd.testing.assert_frame_equal(
        over.observations.iloc[: len(facts.observations)],
        facts.observations,
    )


def test_later_revision_takes_the_place_of_the_same_plot(facts: Facts) -> None:
    shape = shapely.box(105.6, 18.6, 105.7, 18.65)
    first = change(plots=[plot(), plot(as_of="2025-06", status="reserved"), plot(plot_id="B")])
    second = change(plots=[{**plot(status="available", area_ha="3"), "geometry": shape}])
    over = overlaid(facts, [("1", first), ("2", second)])
    here = over.plots.set_index(["plot_id", "as_of"])
    assert len(here) == 3
    assert here.loc[("CN-01", "2026-06"), "status"] == "available"
    assert here.loc[("CN-01", "2026-06"), "area_ha"] == 3.0
    assert here.loc[("CN-01", "2026-06"), "geometry"] == shape
    assert here.loc[("CN-01", "2025-06"), "status"] == "reserved"
    assert over.plots.crs == "EPSG:4326"


MISFITS = [
    (change(areas=[{"id": "na-kcn-x", "name_vi": "X"}]), "row 2, field province_code"),
    (change(areas=[{"id": AREA, "within": "na-kcn-nam-cam"}]), "the id of an economic zone"),
    (change(sources=[SOURCE | {"id": "na-s01"}]), "as in sources.csv, or another id"),
    (change(observations=[observation(basis="")]), "a basis; where the source states none"),
    (
        change(observations=[observation(source_id="ws-2")]),
        "found 'ws-2'",
    ),
    (change(observations=[observation(), observation()]), "found the same as in row 2"),
    (change(plots=[plot(area_id="na-kcn-y")]), "field area_id: found 'na-kcn-y'"),
    (change(leases=[lease(plot_id="CN-9")]), "field plot_id: found 'CN-9'"),
    (change(outlines=[{"area_id": "na-kcn-y", "source_id": "ws-1"}]), "an id in areas"),
    (change(communes=[{"code": "17329", "name": "x", "source_id": "ws-9"}]), "an id in sources"),
]


@pytest.mark.parametrize(("misfit", "message"), MISFITS)
def test_what_does_not_fit_is_named_with_revision_and_row(
    facts: Facts,
    misfit: Change,
    message: str,
) -> None:
    with pytest.raises(
        DataError, match=rf"revision 7 \(a.csv\), row \d, .*{message}|{message}"
    ) as e:
        overlaid(facts, [("revision 7 (a.csv)", misfit)])
    assert {finding.file for finding in e.value.findings} == {"revision 7 (a.csv)"}
    assert all(finding.row for finding in e.value.findings)


def test_known_source_with_the_same_cells_is_passed_over(facts: Facts) -> None:
    known: Any = as_text("sources", facts.sources.reset_index()).to_dict("records")[0]
    over = overlaid(facts, [("1", change(sources=[known, SOURCE])), ("2", change())])
    assert over.sources.index.tolist() == [*facts.sources.index, "ws-1"]


@settings(max_examples=4)
@given(values=st.lists(st.integers(1, 999), min_size=1, max_size=4, unique=True))
def test_revisions_of_observations_add_up_one_by_one(facts: Facts, values: list[int]) -> None:
    changes = [
        (str(place), change(observations=[observation(value=str(value))]))
        for place, value in enumerate(values)
    ]
    at_once = overlaid(facts, changes)
    one_by_one = facts
    for step in changes:
        one_by_one = overlaid(one_by_one, [step])
    pd.testing.assert_frame_equal(at_once.observations, one_by_one.observations)
    assert at_once.observations["value"].tolist()[-len(values) :] == values


def test_what_would_be_is_told_before_it_is(facts: Facts, workspace: Workspace) -> None:
    workspace.add(change(plots=[plot()]), kind="plots", title="Lô")
    plus = change(leases=[lease(plot_id="CN-01")])
    assert len(merged(facts, workspace, plus=plus).leases) == 1
    with refused(DataError, match=r"hd\.xlsx, row 2, field plot_id"):
        merged(facts, workspace, plus=plus, file="hd.xlsx", without=[1])
    assert len(workspace.revisions()) == 1


def test_own_communes_are_those_of_the_latest_revision(workspace: Workspace) -> None:
    code = {"code": "17329", "source_id": "ws-1"}
    for name in ("cũ", "mới"):
        workspace.add(change(communes=[code | {"name": name}]), kind="boundaries", title=name)
    assert own_communes(workspace)["name"].tolist() == ["mới"]
    workspace.undo(2)
    assert own_communes(workspace)["name"].tolist() == ["cũ"]


def correct(workspace: Workspace, facts: Facts, value: float = 200.0, **given_: str) -> int:
    texts = {"as_of": "2026-01-06", "basis": "kcn_2022", "source": "45/BC-KKT"} | given_
    metric = texts.pop("metric", "leased_ha")
    return correct_figure(
        workspace, AREA, metric, value, facts=facts, who="Lan", now=NOW, **texts
    ).id  # fmt: skip


def test_corrected_figure_speaks_and_undo_brings_the_old_one_back(
    facts: Facts,
    workspace: Workspace,
) -> None:
    before = on_day(facts)
    pair = ["leased_ha", "leasable_ha"]
    assert list(before.areas[pair].loc[AREA]) == [262.07, 286.63]
    revision = correct(workspace, facts)
    after = on_day(merged(facts, workspace))
    assert list(after.areas[pair].loc[AREA]) == [200.0, 286.63]
    zone = before.areas["zones"].loc[AREA][0]["zone_key"]
    difference = after.zones["leased_ha"] - before.zones["leased_ha"]
    assert difference[zone] == pytest.approx(200.0 - 262.07, abs=1e-9)
    (source,) = after.states[AREA].figures["leased_ha"].sources
    assert after.facts.sources.loc[source].to_dict() == {
        "title": "45/BC-KKT",
        "publisher": "Lan",
        "url": "",
        "date": "2026-11-21",
        "date_note": "entered by hand on 2026-11-21",
    }
    set_aside = after.conflicts.query("area_id == @AREA and metric == 'leased_ha'")
    assert 262.07 in set_aside["value"].tolist()
    workspace.undo(revision)
    again = on_day(merged(facts, workspace))
    pd.testing.assert_frame_equal(again.zones, before.zones)
    pd.testing.assert_frame_equal(again.figures, before.figures)


def test_second_correction_goes_before_the_first(facts: Facts, workspace: Workspace) -> None:
    correct(workspace, facts, 200.0)
    later = NOW + dt.timedelta(minutes=1)
    correct_figure(
        workspace, AREA, "leased_ha", 210.0, as_of="2026-01-06", basis="kcn_2022",
        source="46/BC-KKT", facts=facts, now=later,
    )  # fmt: skip
    assert on_day(merged(facts, workspace)).areas.loc[AREA, "leased_ha"] == 210.0
    workspace.undo(2)
    assert on_day(merged(facts, workspace)).areas.loc[AREA, "leased_ha"] == 200.0


@pytest.mark.parametrize("dated", ["2026", "2026-11", "2026-11-21"])
def test_correction_wins_over_a_source_of_the_same_year_or_day(
    facts: Facts,
    workspace: Workspace,
    dated: str,
) -> None:
    wrong = change(
        sources=[{"id": "vn-s01", "title": "x", "date": dated}],
        observations=[observation(source_id="vn-s01", value="100")],
    )
    workspace.add(wrong, kind="observations", title="wrong", facts=facts)
    assert on_day(merged(facts, workspace)).areas.loc[AREA, "leased_ha"] == 100
    correct(workspace, facts, as_of="2026-06-30")
    after = on_day(merged(facts, workspace))
    assert after.areas.loc[AREA, "leased_ha"] == 200
    (source,) = after.states[AREA].figures["leased_ha"].sources
    assert after.facts.sources.loc[source, "date"] == dated


UNFIT = [
    ({"as_of": "2026-01"}, "less exact than 2026-01-06"),
    ({"as_of": "2026"}, "isn't after 2026-11-21"),
    ({"as_of": "2026-11-22"}, "isn't after 2026-11-21"),
    ({"as_of": ""}, "isn't after 2026-11-21"),
    ({"as_of": "06/01/2026"}, "field as_of: found '06/01/2026'"),
    ({"source": " "}, "a file or document number"),
    ({"basis": ""}, "a basis"),
    ({"metric": "total_area_ha"}, "have a basis"),
    ({"metric": "sản lượng"}, "field metric"),
    ({"value": float("nan")}, "field value: found nan"),
    ({"value": -1.0}, "field value"),
    ({"value": 101.0, "metric": "fill_rate_pct"}, "at most 100 %"),
]


@pytest.mark.parametrize(("cells", "message"), UNFIT)
def test_correction_that_could_not_speak_is_refused(
    facts: Facts,
    workspace: Workspace,
    cells: dict[str, object],
    message: str,
) -> None:
    # 2026-01 has its last day on the 31st: the day before must be known to be more exact.
    if cells.get("as_of") == "2026-01":
        correct(workspace, facts, 199.0, as_of="2026-01-31")
        message = "less exact than 2026-01-31"
    known = workspace.revisions()
    with refused(DataError, match=message):
        correct(workspace, facts, **cells)  # type: ignore[arg-type]
    assert workspace.revisions() == known
