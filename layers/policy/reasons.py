"""Why a verdict is as it is, and which figures would settle it, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from data.dates import printed_date
from layers._records import records
from layers.account import reason_text as account_reason_text
from layers.numbers import exact
from layers.words import KINDS, mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from geo.snapshot import Snapshot
    from layers.words import Words

    Reason = Mapping[str, Any]

# What a province counts, by kind and metric.
COUNTED: Final = {
    "industrial_park.operating_count": mark("operating parks"),
    "industrial_park.established_count": mark("established parks"),
    "industrial_park.area_count": mark("parks"),
    "industrial_cluster.operating_count": mark("operating clusters"),
    "industrial_cluster.established_count": mark("established clusters"),
    "industrial_cluster.area_count": mark("clusters"),
}

FACT: Final = {
    "mountain_or_craft_village": mark(
        "whether it lies in a mountain area or serves craft villages"
    ),
    "demand": mark("demand for land beyond what the cluster has"),
    "internal_roads": mark("internal roads in use"),
    "water_supply": mark("water supply in use"),
    "phases": mark("phases of investment"),
    "functional_land": mark("land of the other functional areas"),
    "infrastructure": mark("infrastructure of the general plan"),
}

TERRITORY: Final = {
    "commune": mark("commune"),
    "legacy_district": mark("former district"),
    "province": mark("province"),
}

_SHORT: Final = {"Khu công nghiệp ": "KCN ", "Cụm công nghiệp ": "CCN "}

_WASTEWATER: Final = {
    "yes": mark("It has a central wastewater plant."),
    "no": mark("It has no central wastewater plant."),
    "under_construction": mark("Its central wastewater plant is under construction."),
    "unknown": mark("It is not known whether it has a central wastewater plant."),
}

_NOT_EXACT: Final = {
    "~": mark("The area is given as “about”."),
    ">": mark("The area is given as “over”, so it has no upper bound."),
    "<": mark("The area is given as “under”, so it has no lower bound."),
}


def area_names(ids: Iterable[str], snapshot: Snapshot, w: Words) -> str:
    """Write the names of areas, all of them; in Vietnamese with the usual abbreviations."""
    found = records(snapshot.areas.loc[list(ids)]).values()
    names = "; ".join(w.pick(area["name_vi"], area["name_en"]) for area in found)
    for word, short in _SHORT.items() if w.lang == "vi" else ():
        names = names.replace(word, short)
    return names


def reason_text(reason: Reason, snapshot: Snapshot, w: Words) -> str:
    """Write one reason of a verdict.

    Parameters
    ----------
    reason
        From `reasons` of :func:`geo.targets.targets` or :func:`geo.conditions.conditions`: `code`
        with its parameters.
    """
    code, count = str(reason["code"]), len(reason.get("areas", ()))
    # Each text is a literal of its own, so that the catalogue can be checked against the code.
    texts = {
        "no_areas": lambda: w("No park or cluster is concerned on this date."),
        "no_pair": lambda: _no_pair(reason, w),
        "list_lacks_areas": lambda: lacking_text(reason, w),
        "list_not_checked": lambda: w(
            "{kinds}: no count by the province reaches the end of the period, so areas may be "
            "new that the tables lack.",
            kinds=w.of(KINDS, reason["kind"]),
        ),
        "year_unknown": lambda: w.plural(
            "Of {count} area the year of establishment isn't known; it may be new.",
            "Of {count} areas the year of establishment isn't known; they may be new.",
            count,
        ),
        "status_unknown": lambda: w.plural(
            "Of {count} area the status on this date isn't known; it may or may not count.",
            "Of {count} areas the status on this date isn't known; they may or may not count.",
            count,
        ),
        "wastewater": lambda: w.of(_WASTEWATER, reason["state"]),
        "wastewater_unknown": lambda: w.plural(
            "Of {count} area it isn't known whether it has central wastewater treatment.",
            "Of {count} areas it isn't known whether they have central wastewater treatment.",
            count,
        ),
        "wastewater_under_construction": lambda: w.plural(
            "In {count} area the plant is under construction; that doesn't count yet: {names}.",
            "In {count} areas the plant is under construction; that doesn't count yet: {names}.",
            count,
            names=area_names(reason["areas"], snapshot, w),
        ),
        "wastewater_undated": lambda: w(
            "What the tables hold on wastewater treatment is the newest state, without a date.",
        ),
        "period_not_over": lambda: w("The period isn't over; more areas may be established."),
        "not_in_data": lambda: w("The tables don't hold: {fact}.", fact=w.of(FACT, reason["fact"])),
        "change_not_given": lambda: w("By how much the area is to change isn't given."),
        "after_change": lambda: w(
            "Measured after a change of {area} ha.", area=exact(reason["ha"], w.lang)
        ),
        "no_total": lambda: w("The total area isn't known."),
        "not_exact": lambda: w.of(_NOT_EXACT, reason["qualifier"]),
        "planned_figure": lambda: w(
            "The area is the figure of a plan ({date}).",
            date=printed_date(reason["as_of"]) or w("undated"),
        ),
        "no_phases_needed": lambda: w("The park isn't larger than that; no phases are needed."),
        "territory_is_a_setting": lambda: w(
            "Averaged over the {territory}: since 01/07/2025 the People's Committee of the "
            "province decides on which territory (Decree 139/2025/NĐ-CP, Article 12).",
            territory=w.of(TERRITORY, reason["territory"]),
        ),
        "unlisted_may_lie_here": lambda: w(
            "Where the {count} clusters lie that the tables lack isn't known; the bounds allow "
            "for none to all of them here, of 5-75 ha each.",
            count=reason["missing"],
        ),
        "not_yet_in_force": lambda: w(
            "Not yet in force on this date; in force from {date}.",
            date=printed_date(reason["since"]),
        ),
        "industrial_land_alone": lambda: w(
            "Only the parks and clusters in the economic zone are measured, a part of the land "
            "of its functional areas.",
        ),
        "not_land_data": lambda: w("Land data don't measure it."),
        "no_number": lambda: w("The document gives no number."),
        "no_period": lambda: w("The document gives no period to count in."),
    }
    return texts[code]() if code in texts else account_reason_text(reason, snapshot.areas, w)


def _no_pair(reason: Reason, w: Words) -> str:
    return w.plural(
        "The {count} area has no leased land with matching leasable land.",
        "None of the {count} areas has leased land with matching leasable land.",
        reason["count"],
    )


def lacking_text(reason: Reason, w: Words) -> str:
    """Say that the province counts more areas than the tables hold."""
    return w(
        "The province counts {reported} {areas} ({date}); the tables hold {here}, so nothing is "
        "known of {missing}.",
        reported=reason["reported"],
        areas=w.of(COUNTED, f"{reason['kind']}.{reason['metric']}"),
        date=printed_date(reason["as_of"]) or w("undated"),
        here=reason["here"],
        missing=reason["missing"],
    )


def reason_texts(reasons: Iterable[Reason], snapshot: Snapshot, w: Words) -> list[str]:
    """Write all reasons, each once."""
    return list(dict.fromkeys(reason_text(reason, snapshot, w) for reason in reasons))


def missing_texts(
    reasons: Iterable[Reason],
    measured: Iterable[str],
    snapshot: Snapshot,
    w: Words,
) -> list[tuple[str, str]]:
    """Say which figures would settle a verdict: what is missing, and of which areas.

    Parameters
    ----------
    measured
        Ids of the areas whose fill rate was measured; those without a pair are named.
    """
    found: list[tuple[str, str]] = []
    paired = snapshot.areas["paired"]
    without = [area for area in measured if not paired[area]]
    if without:
        label = w("leased land and leasable land, of the same date")
        found.append((label, area_names(without, snapshot, w)))
    labels = {
        "status_unknown": w("status on this date"),
        "wastewater_unknown": w("central wastewater treatment: yes or no"),
        "year_unknown": w("year of establishment"),
        "no_total": w("total area"),
    }
    for reason in reasons:
        code = reason["code"]
        if code == "list_lacks_areas":
            kind = w.of(COUNTED, f"{reason['kind']}.{reason['metric']}")
            what = w(
                "{missing} {areas} that the tables lack", missing=reason["missing"], areas=kind
            )
            found.append((w("names and figures"), what))
        elif code in labels and reason.get("areas"):
            found.append((labels[code], area_names(reason["areas"], snapshot, w)))
        elif code == "not_in_data":
            found.append((w("not in the tables"), w.of(FACT, reason["fact"])))
    return list(dict.fromkeys(found))
