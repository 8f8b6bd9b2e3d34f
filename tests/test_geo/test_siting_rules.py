"""What documents say of a trade, by zone: rules of precedence, on all provinces and trades."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from data.resolutions import load_resolution, provinces
from data.trades import trades
from geo._siting_rules import judge

if TYPE_CHECKING:
    from data.resolutions import Resolution, Zone
    from geo._siting_rules import Judgement, Sentence

SUPPORT = {"supports", "condition"}


def told(province: str, zone_key: str, tag: str) -> Judgement:
    """Judge a trade in a zone outside of all areas."""
    resolution = load_resolution(province)
    return judged(resolution, resolution.zone(zone_key), tag)


def judged(resolution: Resolution, zone: Zone, tag: str) -> Judgement:
    (trade,) = (one for one in trades().values() if one.tag == tag)
    return judge(resolution, zone, (), trade, raw_material_area=False)


def by_code(judgement: Judgement) -> dict[str, Sentence]:
    return {sentence.code: sentence for sentence in judgement.sentences}


def cases(province: str) -> list[tuple[str, str]]:
    zones = load_resolution(province).zones
    base = [zone.key for zone in zones if zone.group == "base_partition"]
    return [(key, tag) for key in base for tag in trades()]


@pytest.mark.parametrize("province", provinces())
def test_what_a_zone_says_goes_before_what_the_province_says(province: str) -> None:
    both = 0
    for key, tag in cases(province):
        said = by_code(told(province, key, tag))
        wide = said.get("trade_in_province")
        if wide is not None:
            assert (wide.effect == "note") == ("trade_in_zone" in said), (key, tag)
            both += "trade_in_zone" in said
    if province == "nghe-an":  # electronics, among others
        assert both > 0


@pytest.mark.parametrize("province", provinces())
def test_a_trade_is_placed_elsewhere_only_by_zones_that_name_trades(province: str) -> None:
    resolution = load_resolution(province)
    for key, tag in cases(province):
        zone = resolution.zone(key)
        here = any(one.tag == tag for one in zone.industries)
        others = {
            other.key
            for other in resolution.zones
            if other.group == "base_partition" and any(one.tag == tag for one in other.industries)
        }
        sentence = by_code(told(province, key, tag)).get("trade_elsewhere")
        assert (sentence is not None) == bool(others and not here and zone.industries), (key, tag)
        if sentence is not None:
            assert set(sentence.params["zone_keys"]) == others
        # A zone of which nothing is said on trades holds none back.
        silent = zone.model_copy(update={"industries": ()})
        assert "trade_elsewhere" not in by_code(judged(resolution, silent, tag)), (key, tag)


def test_a_trade_that_is_held_back_is_spoken_of() -> None:
    # Tuyên Quang has no rule on sites, and names mineral processing for the province, limited.
    judgement = told("tuyen-quang", "tq-nam", "mineral_processing")
    effects = {sentence.code: sentence.effect for sentence in judgement.sentences}
    assert effects["trade_in_province"] == "condition"
    assert "supports" not in effects.values()
    assert judgement.verdict == "conditional"


@pytest.mark.parametrize("province", provinces())
def test_silence_outside_of_all_areas_allows_no_conclusion(province: str) -> None:
    for key, tag in cases(province):
        judgement = told(province, key, tag)
        effects = {sentence.effect for sentence in judgement.sentences}
        if judgement.verdict in {"fits", "conditional"}:
            assert effects & SUPPORT, (key, tag)
        if "against" in effects:
            assert judgement.verdict == "does_not_fit"
