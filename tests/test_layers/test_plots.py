"""Plots on the map and on the card of their park."""

from __future__ import annotations

import pytest

from geo.snapshot import Province, Snapshot, snapshot, with_facts
from layers.account_payload import account_payload
from layers.payload import base_payload, drawn_outlines
from layers.plot_card import plots_html
from layers.plot_map import plots_payload, status_sign
from layers.safe_html import script_json
from layers.words import words
from tests.test_geo.plots import plots, with_own
from tests.test_layers.test_drawn import assert_harmless

VSIP = "na-kcn-vsip-1"
EVIL = "<img src=x onerror=alert(1)>`${x}"


@pytest.fixture(scope="module")
def own(province: Province, shot: Snapshot) -> Snapshot:
    register = plots(
        {"land": 4.0, "status": "leased", "plot_id": EVIL, "area_ha": "4.5"},
        {"land": 6.0, "status": "available"},
        {"land": 3.0, "use": "green"},
        {"area_ha": "2"},
    )
    facts = with_own(province.facts, plots=register)
    return snapshot(with_facts(province, facts), shot.as_of)


def test_plots_are_drawn_by_status_and_tell_what_is_known(own: Snapshot) -> None:
    drawn = plots_payload(own, words("en"))
    assert drawn is not None
    found = {feature["id"]: feature["properties"] for feature in drawn["features"]}
    assert set(found) == {f"{VSIP}/{EVIL}", f"{VSIP}/P1", f"{VSIP}/P2"}  # one has no polygon
    leased = found[f"{VSIP}/{EVIL}"]
    assert leased["sign"] == status_sign("leased")
    text = " ".join(leased["tip"])
    for part in ("4 ha", "stated 4.5 ha", "as of 01/03/2026"):
        assert part in text
    assert found[f"{VSIP}/P2"]["sign"] == status_sign("unknown", "green")
    account = account_payload(
        own,
        words("en"),
        places={},
        shown=[VSIP],
        chosen=("area", VSIP),
        tiles=False,
        plots=drawn,
    )
    (south, west), (north, east) = account["chosen"]["bounds"]
    assert 0 < north - south < 0.02
    assert 0 < east - west < 0.02
    assert "<img" not in script_json(account)


def test_without_plots_nothing_is_drawn_and_nothing_explained(
    province: Province, shot: Snapshot, own: Snapshot
) -> None:
    w = words("vi")
    assert plots_payload(shot, w) is None
    outlines = drawn_outlines(province.communes, province.zones)
    bases = [
        base_payload(one.resolution, one.boundary_source, outlines, one.facts, w)
        for one in (shot, own)
    ]
    keys = [[layer["key"] for layer in base["layers"]] for base in bases]
    assert keys[1] == [*keys[0], "plots"]
    assert len(bases[1]["legend"]["rows"]) > len(bases[0]["legend"]["rows"])
    assert plots_html(shot, VSIP, w) == ""


def test_the_card_adds_plots_up(own: Snapshot) -> None:
    text = plots_html(own, VSIP, words("en"))
    assert_harmless(text)
    for part in ("From its plots", "3 plots", "lower bounds", "12 ha", "33.3 %"):
        assert part in text
    assert 'data-verdict="cannot_tell"' in text
