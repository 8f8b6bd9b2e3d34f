"""Targets and conditions of the law in the report, each with its verdict and its ground."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from data._frames import rows
from geo.conditions import conditions
from geo.targets import NOT_MEASURABLE, targets
from layers.numbers import day
from layers.policy.reasons import reason_texts
from layers.policy.verdicts import (
    STANDING,
    VERDICT,
    asked_text,
    listed_range_text,
    listed_verdict_text,
    measured_text,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.snapshot import Snapshot
    from layers.words import Words


def target_part(state: Snapshot, w: Words) -> dict[str, Any]:
    """Give the targets that land data measure with their verdicts, and name the others."""
    found = list(rows(targets(state)))
    judged = [row for row in found if row.verdict != NOT_MEASURABLE]
    others = [row for row in found if row.verdict == NOT_MEASURABLE]
    counted = [
        f"{w.of(VERDICT, verdict)}: {count}"
        for verdict in ("met", "not_met", "cannot_tell")
        if (count := sum(row.verdict == verdict for row in judged))
    ]
    summary = [
        w(
            "The documents set {count} targets; land data measure {judged} of them; verdicts: "
            "{verdicts}.",
            count=len(found),
            judged=len(judged),
            verdicts="; ".join(counted) or w("none"),
        ),
    ]
    names = [
        f"{w.pick(row.name_vi, row.name_en)} ({asked_text(row, w)}, {_due(row, w)})"
        for row in others
    ]
    return {
        "summary": summary,
        "rows": [
            {
                "name": w.pick(row.name_vi, row.name_en),
                "asked": asked_text(row, w),
                "due": _due(row, w),
                "measured": measured_text(row, w) or w("no data"),
                "known": w("{known} of {all}", known=row.coverage_known, all=row.coverage_all),
                "verdict": w.of(VERDICT, row.verdict),
            }
            for row in judged
        ],
        "why": [
            f"{w.pick(row.name_vi, row.name_en)} ({_due(row, w)}): "
            f"{' '.join(reason_texts(row.reasons, state, w))} "
            f"[{'; '.join(row.citations_vi if w.lang == 'vi' else row.citations_en)}]"
            for row in judged
        ],
        "others": [w("Not measurable from land data: {names}.", names="; ".join(names))]
        if names
        else [],
    }


def _due(row: Any, w: Words) -> str:  # noqa: ANN401 (a row)
    return day(row.due) if row.due else w("no year given")


def condition_part(state: Snapshot, ids: Sequence[str], w: Words) -> dict[str, Any] | None:
    """Give the conditions of the law on areas, or on founding clusters in the province.

    Parameters
    ----------
    ids
        Areas, each with the conditions on itself; the province where there are none.

    Returns
    -------
    dict or None
        None where no condition concerns them.
    """
    frames = [conditions(state, area_id=key) for key in ids] if ids else [conditions(state)]
    found = pd.concat(frames, ignore_index=True)
    found = found[~found["standing"].eq("repealed")]
    if ids:
        found = _of_areas(found)
    if found.empty:
        return None
    areas = state.areas
    lines, why = [], []
    for row in rows(found):
        name = row.place_vi or ""
        if row.area_id:
            area = areas.loc[row.area_id]
            name = w.pick(str(area["name_vi"]), str(area["name_en"]))
        text = w.pick(row.text_vi, row.text_en)
        lines.append(
            {
                "of": name,
                "text": f"= {text}" if row.formula else text,
                "measured": _joined(measured_text(row, w), listed_range_text(row._asdict(), w)),
                "verdict": _joined(
                    w.of(VERDICT, row.verdict),
                    listed_verdict_text(row._asdict(), w),
                ),
                "ground": f"{row.document}, {row.article} ({w.of(STANDING, row.standing)})",
            },
        )
        if reasons := " ".join(reason_texts(row.reasons, state, w)):
            why.append(f"{name}: {reasons}")
    return {
        "summary": [
            w(
                "That a test holds doesn't mean that the other requirements of the law are met: "
                "the tables have no data on the plan, the developer, capital and environment.",
            ),
        ],
        "rows": lines,
        "why": list(dict.fromkeys(why)),
    }


def _of_areas(found: pd.DataFrame) -> pd.DataFrame:
    """Keep conditions on the areas themselves: as a whole, and not on changes nobody asked for."""
    found = found[found["place_vi"].isna()]
    alone = ~found.duplicated(["area_id", "condition"], keep=False)
    asked = [
        not any(reason["code"] == "change_not_given" for reason in reasons)
        for reasons in found["reasons"]
    ]
    return found[(found["formula"].notna() | alone) & pd.Series(asked, index=found.index)]


def _joined(*parts: str) -> str:
    return "; ".join(part.replace("\n", "; ") for part in parts if part)
