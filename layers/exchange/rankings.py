"""Rankings as layers: places with their outcome, and what each criterion gave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shapely

from geo.ranking import Ranked
from layers.exchange._land import LAND_USE
from layers.exchange.fields import layer_fields
from layers.exchange.layer import make_layer
from layers.exchange.write import make_bundle
from layers.sites.ranking_text import check_text, measure_name

if TYPE_CHECKING:
    from data._message import Lang
    from geo.candidates import Candidate
    from geo.ranking import Excluded, Ranking
    from geo.snapshot import Province, Snapshot
    from layers.exchange.bundle import Bundle
    from layers.exchange.layer import Layer

_RANKED = ("rank", "rank_best", "rank_worst", "score", "score_low", "score_middle", "score_high")
_CONTRIBUTION = (
    "measure",
    "weight",
    "value",
    "value_low",
    "value_high",
    "points_low",
    "points_middle",
    "points_high",
)


def _outcome(row: Ranked | Excluded) -> str:
    if isinstance(row, Ranked):
        return "verified" if row.verified else "unsure"
    return "excluded"


def _place(place: Candidate, lang: Lang) -> dict[str, Any]:
    return {
        "id": place.area_id,
        "name": (place.name_vi if lang == "vi" else place.name_en) or place.name_vi,
        "land_use": LAND_USE.get(place.kind),
        "zone_keys": list(place.zones),
        "sources": list(place.sources),
        **{
            name: getattr(place, name)
            for name in ("name_vi", "name_en", "province", "kind", "status", "position")
        },
    }


def ranking_layers(ranking: Ranking, *, lang: Lang) -> tuple[Layer, Layer]:
    """Give a ranking as a layer of places and a table of contributions.

    Parameters
    ----------
    ranking
        From :func:`geo.ranking.rank_provinces`.
    lang
        Language of names and reasons.

    Returns
    -------
    tuple
        Ranked places in their order, then excluded ones with their reasons; and a row for each
        ranked place and criterion.
    """
    rows: tuple[Ranked | Excluded, ...] = (*ranking.ranked, *ranking.excluded)
    records = []
    shapes: list[shapely.Point | None] = []
    for row in rows:
        place = row.place
        reasons = () if isinstance(row, Ranked) else row.reasons
        records.append(
            {
                **_place(place, lang),
                **{name: getattr(row, name, None) for name in _RANKED},
                "outcome": _outcome(row),
                "reasons": " ".join(check_text(check, lang=lang) for check in reasons),
                "unsure": " ".join(check_text(check, lang=lang) for check in row.unsure),
            },
        )
        if place.lon is None or place.lat is None:
            shapes.append(None)
        else:
            shapes.append(shapely.Point(place.lon, place.lat))
    contributions = [
        {
            **{name: getattr(one, name) for name in _CONTRIBUTION},
            "contribution_id": f"{row.place.area_id}:{one.measure}",
            "area_id": row.place.area_id,
            "criterion": measure_name(one.measure, lang=lang),
        }
        for row in ranking.ranked
        for one in row.contributions
    ]
    return (
        make_layer(layer_fields()["ranking"], records, shapes),
        make_layer(layer_fields()["contributions"], contributions),
    )


def ranking_bundle(
    ranking: Ranking, province: Province, state: Snapshot, *, crs: str = "wgs84", lang: Lang = "vi"
) -> Bundle:
    """Put a ranking of one province together with its sources, for any of the formats.

    Parameters
    ----------
    province, state
        What the places are of.
    crs
        "wgs84", "vn2000" or "EPSG:n".

    Raises
    ------
    ValueError
        There is no such coordinate system.
    """
    more = ranking_layers(ranking, lang=lang)
    return make_bundle(province, state, keys=(), more=more, crs=crs, lang=lang)
