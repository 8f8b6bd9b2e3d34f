"""Workspaces: what goes in comes out, in a file and in PostGIS alike."""

import contextlib
import json
import secrets
import sqlite3
import struct
import subprocess
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import geopandas as gpd
import psycopg
import pyogrio
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data._errors import DataError
from data.facts import Facts
from data.workspace._errors import Trouble, WorkspaceError
from data.workspace.change import Change
from data.workspace.copying import copy_workspace
from data.workspace.merge import merged
from data.workspace.store import Workspace, default_workspace, open_workspace
from tests import postgis
from tests.test_data.changes import SQUARE, change, lease, observation, plot, same
from tests.vietnamese import refused

FULL = change(
    areas=[{"id": "na-kcn-vsip-1", "developer": "Chủ đầu tư mới"}],
    observations=[observation()],
    nodes=[{"node_id": "sp-cua-lo", "capacity_note": "30.000 DWT"}],
    communes=[{"code": "17329", "name": "Phường Vinh", "source_id": "ws-1"}],
    outlines=[{"area_id": "na-kcn-vsip-1", "as_of": "2026", "source_id": "ws-1"}],
    plots=[plot(), plot(plot_id="CN-02") | {"geometry": None}, plot(plot_id="Lô 3 “xanh”")],
    leases=[lease(plot_id="CN-01", note="dòng 1\ndòng 2; 'x' \"y\" \\ %")],
)


def trouble(error: pytest.ExceptionInfo[WorkspaceError]) -> Trouble:
    return error.value.code


def test_what_goes_in_comes_out(workspace: Workspace, second_window: Workspace) -> None:
    kept = workspace.add(
        FULL, kind="plots", title="Bản đồ lô", file="lô.gpkg", sha256="ab", who="A"
    )
    assert second_window.revisions() == (kept,)
    assert (kept.id, kept.base, kept.active, kept.who) == (1, None, True, "A")
    assert same(second_window.change(1), FULL)
    assert [revision.id for revision, _ in second_window.active()] == [1]


numbers = st.floats(0.0, 1.0, exclude_max=True, allow_subnormal=False)
texts = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=8)


@st.composite
def squares(draw: st.DrawFn) -> shapely.Polygon:
    west, south = 105.0 + draw(numbers), 18.0 + draw(numbers)
    return shapely.box(west, south, west + 0.01 + draw(numbers), south + 0.01 + draw(numbers))


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    shapes=st.lists(st.one_of(st.none(), squares()), max_size=5),
    note=texts.map(lambda text: unicodedata.normalize("NFC", text)),
)
def test_coordinates_keep_every_bit(
    workspace: Workspace,
    shapes: list[shapely.Polygon | None],
    note: str,
) -> None:
    plots = [plot(plot_id=str(place), note=note) for place in range(len(shapes))]
    rows = [{**row, "geometry": shape} for row, shape in zip(plots, shapes, strict=True)]
    added = change(plots=rows)
    assert same(workspace.change(workspace.add(added, kind="plots", title="x").id), added)


def test_multipolygon_with_hole_keeps_every_bit(workspace: Workspace) -> None:
    ring = shapely.Polygon(
        SQUARE.exterior.coords,
        [[(105.7, 18.72), (105.8, 18.72), (105.8, 18.78), (105.7, 18.72)]],
    )
    shape = shapely.MultiPolygon([ring, shapely.box(106, 18, 106 + 1e-9, 18 + 1e-9)])
    added = change(plots=[{**plot(), "geometry": shape}])
    assert same(workspace.change(workspace.add(added, kind="plots", title="x").id), added)


def test_geometry_may_stand_anywhere_among_the_columns(workspace: Workspace) -> None:
    plots = FULL.plots[["geometry", *FULL.plots.columns.drop("geometry")]]
    moved = Change(sources=FULL.sources, plots=plots)
    kept = workspace.change(workspace.add(moved, kind="plots", title="x").id)
    assert kept.plots.equals(FULL.plots)


def test_file_that_another_program_holds_in_wal_mode_is_used_as_well(tmp_path: Path) -> None:
    path = tmp_path / "workspace.gpkg"
    workspace = open_workspace(path)
    with contextlib.closing(sqlite3.connect(path)) as program:  # as QGIS does
        assert program.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",)
        workspace.add(FULL, kind="plots", title="Lô")
        assert program.execute("SELECT count(*) FROM plots").fetchone() == (3,)
        workspace.undo(1)
    assert [item.active for item in open_workspace(path).revisions()] == [False]


def test_reader_on_a_server_reads_and_may_not_write(
    database: str,
    postgis_server: postgis.Server,
) -> None:
    with open_workspace(database) as workspace:
        workspace.add(FULL, kind="plots", title="Lô")
    name = f"reader_{database.rpartition('_')[2]}"
    with psycopg.connect(database) as connection:
        for statement in (
            f"CREATE ROLE {name} LOGIN PASSWORD 'reads-only'",
            f"GRANT USAGE ON SCHEMA industrial_land TO {name}",
            f"GRANT SELECT ON ALL TABLES IN SCHEMA industrial_land TO {name}",
        ):
            connection.execute(statement.encode())
    password = f"postgres:{postgis_server.password}"
    with open_workspace(database.replace(password, f"{name}:reads-only")) as reader:
        assert same(reader.change(1), FULL)
        with refused(WorkspaceError, match="this user may not do that") as error:
            reader.undo(1)
    assert trouble(error) == Trouble.REFUSED


def test_database_without_postgis_is_told_or_given_it(postgis_server: postgis.Server) -> None:
    name = f"plain_{secrets.token_hex(6)}"
    postgis_server.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'owner'".encode())
    postgis_server.execute(f"CREATE DATABASE {name} OWNER {name}".encode())
    url = postgis_server.url(name)
    password = f"postgres:{postgis_server.password}"
    with refused(WorkspaceError, match="run: CREATE EXTENSION postgis") as error:
        open_workspace(url.replace(password, f"{name}:owner"))
    assert trouble(error) == Trouble.PACKAGES
    with refused(WorkspaceError, match="none of a workspace"):
        open_workspace(url, create=False)
    with open_workspace(url) as workspace:
        assert workspace.revisions() == ()


def test_undo_and_redo_lead_back(workspace: Workspace, facts: Facts) -> None:
    empty = workspace.stamp()
    workspace.add(FULL, kind="plots", title="Bản đồ lô", facts=facts)
    full = workspace.stamp()
    assert full != empty
    assert not workspace.undo(1).active
    assert (workspace.stamp(), workspace.active()) == (empty, ())
    assert merged(facts, workspace) is facts
    assert same(workspace.change(1), FULL)  # the history stays
    assert workspace.redo(1).active
    assert workspace.stamp() == full
    with refused(WorkspaceError) as error:
        workspace.undo(2)
    assert trouble(error) == Trouble.ABSENT


def test_undo_of_what_later_revisions_rest_on_is_refused(
    workspace: Workspace, facts: Facts
) -> None:
    workspace.add(change(plots=[plot()]), kind="plots", title="Lô", file="lo.gpkg", facts=facts)
    leases = change(leases=[lease(plot_id="CN-01")])
    workspace.add(leases, kind="leases", title="Hợp đồng", file="hd.xlsx", facts=facts)
    with pytest.raises(
        DataError, match=r"revision 2 \(hd.xlsx\), row 2, field plot_id: found 'CN-01'"
    ):
        workspace.undo(1, facts=facts)
    assert [item.active for item in workspace.revisions()] == [True, True]
    workspace.undo(2, facts=facts)
    workspace.undo(1, facts=facts)


def test_add_that_does_not_fit_leaves_nothing(workspace: Workspace, facts: Facts) -> None:
    wrong = change(observations=[observation(), observation(area_id="na-kcn-nowhere")])
    with refused(DataError, match="row 3, field area_id: found 'na-kcn-nowhere'"):
        workspace.add(wrong, kind="observations", title="x", file="x.csv", facts=facts)
    assert workspace.revisions() == ()


UNSOUND = [
    (change(plots=[plot(use="rừng")]), "field use: found 'rừng'"),
    (change(plots=[plot(), plot()]), "each area_id, plot_id, as_of once"),
    (
        change(outlines=[{"area_id": "na-kcn-a", "source_id": "ws-1", "geometry": None}]),
        "a polygon",
    ),
    (change(plots=[{**plot(), "geometry": shapely.Point(105, 18)}]), "found no polygon"),
    (change(plots=[{**plot(), "geometry": shapely.Polygon()}]), "an empty geometry"),
    (change(plots=[{**plot(), "geometry": shapely.box(18, 105, 19, 106)}]), "degrees within"),
    (change(plots=[{**plot(), "geometry": shapely.force_3d(SQUARE)}]), "without heights"),
    (
        change(
            plots=[
                {
                    **plot(),
                    "geometry": shapely.Polygon([(105, 18), (106, 19), (106, 18), (105, 19)]),
                }
            ]
        ),
        "a valid polygon",
    ),
    (Change(leases=change(leases=[lease()]).leases.drop(columns="note")), "columns lease_id"),
    (
        Change(
            plots=gpd.GeoDataFrame(
                FULL.plots.drop(columns="geometry"), geometry=list(FULL.plots.geometry)
            )
        ),
        "no coordinate system",
    ),
]


@pytest.mark.parametrize(("unsound", "message"), UNSOUND)
def test_unsound_change_is_refused(tmp_path: Path, unsound: Change, message: str) -> None:
    workspace = open_workspace(tmp_path / "w.gpkg")
    with refused(DataError, match=message):
        workspace.add(unsound, kind="plots", title="x", file="lô.gpkg")
    assert workspace.revisions() == ()


def test_same_file_is_taken_once(workspace: Workspace, second_window: Workspace) -> None:
    workspace.add(FULL, kind="plots", title="a", file="lo.gpkg", sha256="f" * 64)
    with pytest.raises(
        WorkspaceError, match=r"same file as in revision 1 of .* \(lo.gpkg\)"
    ) as error:
        second_window.add(FULL, kind="plots", title="a", file="copy.gpkg", sha256="f" * 64)
    assert trouble(error) == Trouble.SAME_FILE
    assert second_window.add(FULL, kind="leases", title="its other sheet", sha256="f" * 64).id == 2
    assert second_window.add(FULL, kind="plots", title="a", sha256="f" * 64, again=True).id == 3
    workspace.undo(1)
    workspace.undo(3)
    assert workspace.add(FULL, kind="plots", title="a", sha256="f" * 64).id == 4


def test_what_was_prepared_on_an_older_state_is_told(
    workspace: Workspace,
    second_window: Workspace,
) -> None:
    workspace.add(FULL, kind="plots", title="a", base=0)
    with refused(WorkspaceError, match="revision 1 is newer") as error:
        second_window.add(FULL, kind="plots", title="b", base=0)
    assert trouble(error) == Trouble.CHANGED
    assert second_window.add(FULL, kind="plots", title="b", base=1).base == 1


def test_windows_at_once_lose_nothing(workspace: Workspace, second_window: Workspace) -> None:
    windows = [workspace, second_window] * 4

    def add(place: int) -> int:
        added = change(observations=[observation(value=str(place + 1))])
        return windows[place].add(added, kind="observations", title=str(place)).id

    with ThreadPoolExecutor(len(windows)) as threads:
        ids = sorted(threads.map(add, range(len(windows))))
    assert ids == list(range(1, len(windows) + 1))
    assert sorted(item.title for item in workspace.revisions()) == [
        str(place) for place in range(8)
    ]
    values = {rows.observations["value"].item() for _, rows in workspace.active()}
    assert values == {str(place + 1) for place in range(8)}


def test_scenario_of_another_window_is_not_overwritten(
    workspace: Workspace,
    second_window: Workspace,
) -> None:
    ours = workspace.save_scenario("KCN mới", json.dumps({"ha": 100}))
    theirs = second_window.scenarios()["KCN mới"]
    assert theirs == ours
    second_window.save_scenario("KCN mới", '{"ha": 200}', version=theirs.version, who="B")
    with pytest.raises(
        WorkspaceError, match=r"'KCN mới' was saved by another window at .* by B"
    ) as e:
        workspace.save_scenario("KCN mới", '{"ha": 300}', version=ours.version)
    assert trouble(e) == Trouble.CHANGED
    with refused(WorkspaceError, match="saved by another window"):
        workspace.delete_scenario("KCN mới", version=ours.version)
    with refused(WorkspaceError, match="saved by another window"):
        workspace.save_scenario("KCN mới", "{}")  # the name is taken
    now = workspace.scenarios()["KCN mới"]
    assert now.text == '{"ha": 200}'
    workspace.delete_scenario("KCN mới", version=now.version)
    assert second_window.scenarios() == {}
    with refused(WorkspaceError, match="deleted by another window"):
        second_window.save_scenario("KCN mới", "{}", version=now.version)


def test_mappings_and_scenarios_are_apart(workspace: Workspace) -> None:
    workspace.save_mapping("sổ", '{"a": 1}')
    workspace.save_scenario("sổ", '{"b": 2}')
    assert workspace.mappings()["sổ"].text == '{"a": 1}'
    assert list(workspace.scenarios()) == ["sổ"]
    with refused(DataError, match="expected JSON"):
        workspace.save_mapping("x", "no JSON")
    with refused(DataError, match="a printable text"):
        workspace.save_mapping("x\x00", "{}")


def test_copy_there_and_back_loses_nothing(
    tmp_path: Path,
    database: str,
    facts: Facts,
) -> None:
    file = open_workspace(tmp_path / "a.gpkg")
    file.add(FULL, kind="plots", title="Bản đồ lô", file="lô.gpkg", sha256="ab", who="A")
    file.add(change(observations=[observation(value="271")]), kind="observations", title="b")
    file.undo(1, who="B")
    file.redo(1, who="B")
    file.undo(2)
    file.save_mapping("sổ", '{"a": 1}', who="C")
    file.save_scenario("KCN mới", '{"ha": 0.1}')
    server, back = open_workspace(database), open_workspace(tmp_path / "b.gpkg")
    copy_workspace(file, server)
    copy_workspace(server, back)
    server.close()
    for copy in (server, back):
        assert copy.revisions() == file.revisions()
        assert copy.stamp() == file.stamp()
        assert all(same(copy.change(one), file.change(one)) for one in (1, 2))
        assert (copy.scenarios(), copy.mappings()) == (file.scenarios(), file.mappings())
    names = [name for name, _ in pyogrio.list_layers(back.where) if name != "workspace"]
    for name in names:
        before, after = (pyogrio.read_dataframe(w.where, layer=name) for w in (file, back))
        assert len(before) == len(after)
        assert before.drop(columns="geometry", errors="ignore").equals(
            after.drop(columns="geometry", errors="ignore"),
        ), name
    assert merged(facts, back).plots.equals(merged(facts, file).plots)
    with refused(WorkspaceError, match="expected an empty workspace") as error:
        copy_workspace(file, back)
    assert trouble(error) == Trouble.NOT_EMPTY
    server.close()


def test_file_is_a_geopackage_with_ordinary_layers(tmp_path: Path) -> None:
    path = tmp_path / "workspace.gpkg"
    open_workspace(path).add(FULL, kind="plots", title="Lô")
    layers = dict(pyogrio.list_layers(path))
    assert {"plots", "outlines", "communes", "revisions", "observations"} <= set(layers)
    plots = gpd.read_file(path, layer="plots")
    assert plots.crs == "EPSG:4326"
    assert plots["revision"].tolist() == [1, 1, 1]
    assert plots["plot_id"].tolist() == FULL.plots["plot_id"].tolist()
    assert shapely.equals(plots.geometry[0], SQUARE)
    head = path.read_bytes()[:100]
    assert (head[68:72], struct.unpack(">I", head[60:64])) == (b"GPKG", (10300,))


def test_gdal_finds_no_fault_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "workspace.gpkg"
    open_workspace(path).add(FULL, kind="plots", title="Lô")
    validator = ["/usr/bin/python3", "-m", "osgeo_utils.samples.validate_gpkg"]
    try:
        subprocess.run(
            ["/usr/bin/python3", "-c", "import osgeo_utils"], check=True, capture_output=True
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("GDAL's own validation isn't here: apt install python3-gdal")
    done = subprocess.run([*validator, path], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_rows_that_qgis_changed_are_told(tmp_path: Path) -> None:
    path = tmp_path / "workspace.gpkg"
    workspace = open_workspace(path)
    workspace.add(FULL, kind="plots", title="Lô")
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE plots SET area_ha = '250' WHERE plot_id = 'CN-01'")
    connection.close()
    with pytest.raises(
        WorkspaceError, match="revision 1 that another program has changed"
    ) as error:
        workspace.active()
    assert trouble(error) == Trouble.CORRUPT


def test_default_is_in_the_users_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.delenv("INDUSTRIAL_LAND_WORKSPACE", raising=False)
    assert default_workspace() == str(tmp_path / "industrial-land-atlas" / "workspace.gpkg")
    assert Path(open_workspace().where).is_file()
    monkeypatch.setenv("INDUSTRIAL_LAND_WORKSPACE", str(tmp_path / "other.gpkg"))
    assert open_workspace().where == str(tmp_path / "other.gpkg")
