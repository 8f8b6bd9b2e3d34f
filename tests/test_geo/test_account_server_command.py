"""``python -m geo account --engine postgis``: what is named, told on the way, and warned of."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pandas as pd
import psycopg
import pytest
from sqlalchemy import create_engine
from typer.testing import CliRunner

from geo.__main__ import app
from geo.commands import plots as command
from tests.test_data.conftest import postgis_server  # noqa: F401 (the same server)
from tests.test_geo.land import layer_of_plots, zones_of_two_groups

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.postgis import Server

COUNT = 600


@pytest.fixture(scope="module")
def url(postgis_server: Server) -> str:  # noqa: F811
    url = postgis_server.new_database()
    plots = layer_of_plots(COUNT).assign(number=[f"P{place}" for place in range(COUNT)])
    plots.loc[7, "geometry"] = None
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    plots.to_postgis("plots", engine)
    engine.dispose()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ANALYZE plots")
    return url


@pytest.fixture
def given(url: str, tmp_path: Path) -> list[str]:
    zones = tmp_path / "zones.parquet"
    zones_of_two_groups().rename_axis("key").reset_index().to_parquet(zones)
    return ["account", "--engine", "postgis", "--plots", url, "--table", "plots",
            "--zones", str(zones)]  # fmt: skip


def test_plots_are_named_by_a_column_and_progress_is_told(
    given: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    totals: list[int | None] = []
    read: list[int] = []

    @contextmanager
    def recorded(rows: int | None) -> Iterator[Callable[[int], None]]:
        totals.append(rows)
        yield read.append

    monkeypatch.setattr(command, "progress_shown", recorded)
    problems = tmp_path / "problems.csv"
    done = CliRunner().invoke(app, [*given, "--label", "number", "--problems", str(problems)])
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)["plots"] == COUNT - 1
    assert pd.read_csv(problems)[["plot", "problem"]].to_numpy().tolist() == [["P7", "missing"]]
    assert "P7: without geometry, left out" in done.stderr
    assert (totals, sum(read)) == ([COUNT], COUNT - 1)


@pytest.mark.parametrize("indexed", [False, True])
def test_plots_far_from_the_system_are_warned_of(
    given: list[str], url: str, *, indexed: bool
) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS far")
        connection.execute("CREATE TABLE far AS SELECT * FROM plots")
        if indexed:
            connection.execute("CREATE INDEX ON far USING gist (geometry)")
        connection.execute("ANALYZE far")
    asked = ["far" if word == "plots" else word for word in given]
    assert "warning" not in CliRunner().invoke(app, asked).stderr
    with psycopg.connect(url) as connection:
        connection.execute(
            "INSERT INTO far (geometry) SELECT ST_Translate(geometry, 5e5, -7e5) FROM plots LIMIT 1"
        )
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0
    assert "warning: plots reach to where EPSG:9208 stretches areas by up to 0.6" in done.stderr
    near = CliRunner().invoke(app, [*asked, "--no-outside"])
    assert "warning" not in near.stderr
    assert {*json.loads(done.stdout)} - {*json.loads(near.stdout)} == {
        "plots", "area_ha", "plots_without_weight", "problems",
    }  # fmt: skip


def test_a_label_that_is_no_column_or_of_a_file_is_told(given: list[str]) -> None:
    done = CliRunner().invoke(app, [*given, "--label", "no"])
    assert (done.exit_code, "field no: found no such column" in done.stderr) == (1, True)
    done = CliRunner().invoke(app, ["account", "--plots", "p.gpkg", *given[-2:], "--label", "no"])
    assert (done.exit_code, "--label" in done.stderr) == (2, True)


def test_a_wrong_password_is_not_shown(given: list[str], url: str, postgis_server: Server) -> None:  # noqa: F811
    wrong = url.replace(postgis_server.password, "very-secret")
    done = CliRunner().invoke(app, [wrong if word == url else word for word in given])
    assert done.exit_code == 1
    assert "authentication failed" in done.stderr
    assert "secret" not in done.stderr
