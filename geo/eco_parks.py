"""Land of a park that all share: green, traffic, technical and social land, as plots show it.

An eco-industrial park reports these shares (Nghị định 35/2022/NĐ-CP, annual form A.4). What they
are held against is the rule `KCN-ECO-25` of the legal rules: an indicator, whose clause says how
far it was verified.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from geo.conditions import STANDINGS
from geo.plot_layer import province_plots
from geo.plots import SHARED_USES
from geo.targets import VERDICTS
from geo.verdicts import judge

if TYPE_CHECKING:
    from geo.snapshot import Snapshot

RULE: Final = "KCN-ECO-25"
KINDS: Final = ("industrial_park", "high_tech_park")
COLUMNS: Final = (
    "area_id",
    *(f"{use}_ha" for use in SHARED_USES),
    *(f"{use}_pct" for use in SHARED_USES),
    "shared_ha",
    "plots_ha",
    "total_area_ha",
    "share_pct",
    "min_pct",
    "max_pct",
    "operator",
    "threshold_pct",
    "verdict",
    "rule_id",
    "text_vi",
    "text_en",
    "document",
    "article",
    "standing",
    "verified",
    "legal_status",
    "url",
    "reasons",
)


def eco_shares(snapshot: Snapshot, plots: pd.DataFrame | None = None) -> pd.DataFrame:
    """Shares of shared land of each park that has plots, held against the 25 % indicator.

    What the plots don't cover may be shared land or not: `min_pct` takes none of it, `max_pct`
    all, and the verdict is `cannot_tell` where the threshold lies between.

    Parameters
    ----------
    snapshot
        From :func:`geo.snapshot.snapshot`.
    plots
        From :func:`geo.plot_layer.province_plots`, of one area or of all; worked out here where
        None.

    Returns
    -------
    DataFrame
        One row a park, columns `COLUMNS`: hectares, shares in percent of the total area (of the
        plots where the total isn't known or is less), `verdict` met, not_met or cannot_tell,
        the rule with its article and standing, and `reasons`, codes with parameters:
        `plots_cover` (percent of the total), `total_unknown`, `plots_without_area` (count),
        `plots_exceed_area` (percent).
    """
    plots = province_plots(snapshot) if plots is None else plots
    table = pd.DataFrame(plots)[["area_id", "use", "area_ha"]]
    rule: Any = snapshot.facts.legal_rules.loc[RULE]
    said = {
        "operator": rule["operator"],
        "threshold_pct": float(rule["threshold_1"]),
        "rule_id": RULE,
        "text_vi": rule["rule_vi"],
        "text_en": rule["rule_en"],
        "document": rule["legal_basis"],
        "article": rule["article"],
        "standing": STANDINGS[rule["verified"]],
        "verified": rule["verified"],
        "legal_status": rule["status_in_2026"],
        "url": rule["source_url"] or None,
    }
    found = []
    for area_id, mine in table.groupby("area_id", sort=False):
        state = snapshot.states[str(area_id)]
        if state.kind in KINDS:
            total = state.pipeline_total.value if state.pipeline_total else None
            found.append({"area_id": area_id, **said, **_shares(mine, total, said)})
    return pd.DataFrame(found, columns=list(COLUMNS))


def _shares(plots: pd.DataFrame, total_ha: float | None, rule: dict[str, Any]) -> dict[str, Any]:
    by_use = {use: _sum(plots.loc[plots["use"] == use, "area_ha"]) for use in SHARED_USES}
    shared, covered = math.fsum(by_use.values()), _sum(plots["area_ha"])
    lacking = int(plots["area_ha"].isna().sum())
    reasons: list[dict[str, Any]] = []
    whole = covered if total_ha is None else max(total_ha, covered)
    if total_ha is None:
        reasons.append({"code": "total_unknown"})
    elif covered > total_ha:
        reasons.append({"code": "plots_exceed_area", "pct": covered / total_ha * 100.0})
    else:
        reasons.append({"code": "plots_cover", "pct": covered / total_ha * 100.0})
    if lacking:
        reasons.append({"code": "plots_without_area", "count": lacking})
    low = high = None
    if total_ha is not None and whole:
        low = shared / whole * 100.0
        high = (shared + whole - covered) / whole * 100.0
    judged = judge(low, high, rule["operator"], rule["threshold_pct"]) if low is not None else None
    # Plots of unknown size lie in the land that is left; where none is left, sizes are wrong.
    verdict = None if lacking and covered >= whole else judged
    return {
        **{f"{use}_ha": land for use, land in by_use.items()},
        **{f"{use}_pct": land / whole * 100.0 if whole else None for use, land in by_use.items()},
        "shared_ha": shared,
        "plots_ha": covered,
        "total_area_ha": total_ha,
        "share_pct": shared / whole * 100.0 if whole else None,
        "min_pct": low,
        "max_pct": high,
        "verdict": VERDICTS[verdict],
        "reasons": tuple(reasons),
    }


def _sum(values: pd.Series[float]) -> float:
    return math.fsum(values.dropna())
