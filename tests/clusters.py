"""A province all of whose operating clusters are known, as no real one is."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING, Any

import pandas as pd

from geo.form04 import form04
from geo.snapshot import with_facts

if TYPE_CHECKING:
    from geo.snapshot import Province

AS_OF = dt.date(2026, 6, 30)


def known_clusters(small: Province) -> Province:
    """Give each of three operating clusters land of May 2026: 100 ha industrial, 65 ha leased."""
    clusters = form04(small, AS_OF).now.clusters
    land = dict(zip(clusters, ((40.0, 20.0), (30.0, 15.0), (30.0, 30.0)), strict=True))
    pattern: dict[Any, Any] = small.facts.observations.iloc[0].to_dict()
    rows: list[dict[Any, Any]] = [
        {
            **pattern,
            "area_id": key,
            "as_of": "2026-05-31",
            "metric": metric,
            "value": value,
            "qualifier": "=",
            "basis": "ccn_2024",
            "scope": "whole",
            "nature": "measured",
            "source_id": str(small.facts.sources.index[0]),
        }
        for key, pair in land.items()
        for metric, value in zip(("industrial_land_ha", "leased_ha"), pair, strict=True)
    ]
    observations = pd.concat(
        [small.facts.observations, pd.DataFrame(rows)],
        ignore_index=True,
    ).astype(small.facts.observations.dtypes)
    return with_facts(small, dataclasses.replace(small.facts, observations=observations))
