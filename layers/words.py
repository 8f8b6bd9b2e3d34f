"""Words of the interface: Vietnamese first, English by a switch.

Message ids are English; `locale/vi/LC_MESSAGES/atlas.po` holds the Vietnamese and is compiled
in memory, so no binary is kept beside it; what `data` and `geo` say is in `data.po`. Words of
the law and of our tables stand here once, by the key that the data uses.
"""

from __future__ import annotations

import functools
import gettext
from pathlib import Path
from typing import Final, get_args

from data._message import Lang
from data._translation import catalogue, said

LANGS: Final[tuple[Lang, ...]] = get_args(Lang)
CATALOGUE: Final = Path(__file__).resolve().parent.parent / "locale/vi/LC_MESSAGES/atlas.po"


def mark(msgid: str) -> str:
    """Mark a message for the catalogue where it is defined and not yet shown."""
    return msgid


class Words:
    """Texts in one language. Call it with a message id; `{name}` fields are filled in.

    Parameters
    ----------
    lang
        "vi" or "en".
    """

    def __init__(self, lang: Lang) -> None:
        self.lang: Lang = lang
        self._catalogue = _catalogue(lang)

    def __call__(self, msgid: str, /, **fields: object) -> str:
        """Give the text of a message."""
        # The empty id is the head of the catalogue, not a text.
        message = self._catalogue.gettext(msgid) if msgid else ""
        return message.format(**fields) if fields else message

    def plural(self, one: str, many: str, count: int, /, **fields: object) -> str:
        """Give the text of a message that counts; `{count}` is filled in."""
        return self._catalogue.ngettext(one, many, count).format(count=count, **fields)

    def pick(self, vi: str, en: str) -> str:
        """Give the one of two texts of the data that is in this language, else the other."""
        return (vi or en) if self.lang == "vi" else (en or vi)

    def said(self, text: str) -> str:
        """Give a message of `data` or `geo` in this language; other text stays as it is."""
        return said(text, self.lang)

    def of(self, vocabulary: dict[str, str], key: str | None) -> str:
        """Give the word for a key of a vocabulary; a key that has none is shown as it is."""
        return self(vocabulary[key]) if key in vocabulary else str(key or "")


@functools.cache
def words(lang: Lang) -> Words:
    """Texts in one language, made once."""
    return Words(lang)


@functools.cache
def _catalogue(lang: Lang) -> gettext.NullTranslations:
    if lang == "en":
        return gettext.NullTranslations()
    return catalogue(CATALOGUE)


KIND: Final = {
    "industrial_park": mark("industrial park"),
    "industrial_cluster": mark("industrial cluster"),
    "economic_zone": mark("economic zone"),
    "high_tech_park": mark("high-tech park"),
}

# What a list of areas is headed with: the usual abbreviation with the word.
KINDS: Final = {
    "industrial_park": mark("Industrial parks"),
    "industrial_cluster": mark("Industrial clusters"),
    "economic_zone": mark("Economic zones"),
    "high_tech_park": mark("High-tech parks"),
}

STATUS: Final = {
    "operating": mark("operating"),
    "under_construction": mark("under construction"),
    "established": mark("established, not yet built"),
    "planned": mark("planned"),
    "removed": mark("removed from the plan"),
    "unknown": mark("status unknown"),
}

SUPPLY: Final = {
    "operating": mark("counted as present supply: it operates"),
    "cleared": mark("counted as present supply: at least half of its land is cleared"),
    "tenants_on_record": mark("counted as present supply: land was leased by this date"),
    "not_cleared": mark("counted as pipeline: less than half of its land is known to be cleared"),
    "established": mark("counted as pipeline: established, not yet built"),
    "planned": mark("counted as pipeline: planned"),
    "status_unknown": mark(
        "counted neither as supply nor as pipeline: status on this date unknown"
    ),
    "removed": mark("not counted: removed from the plan"),
    "part": mark("not counted by itself: its land is counted with another row"),
    "economic_zone": mark("not counted by itself: the areas in it are counted"),
}

POSITION: Final = {
    "surveyed": mark("surveyed boundary"),
    "drawn": mark("drawn in a scenario"),
    "point": mark("published point"),
    "communes": mark("about: mean of the points of its communes"),
    "district": mark("rough: mean of the points of its former district"),
    "unknown": mark("position unknown"),
}

GROUP: Final = {
    "base_partition": mark("Spatial orientation zone"),
    "economic_zone": mark("Economic zone"),
    "corridor": mark("Corridor"),
    "regional_link": mark("Linked area"),
}

METRIC: Final = {
    "fill_rate_pct": mark("fill rate"),
    "leased_ha": mark("leased land"),
    "leasable_ha": mark("leasable land"),
    "available_ha": mark("available land"),
    "total_area_ha": mark("total area"),
    "project_area_ha": mark("area of the project around it"),
    "cleared_ha": mark("cleared land"),
    "infrastructure_ha": mark("land with infrastructure"),
    "project_count": mark("projects"),
    "fdi_project_count": mark("foreign-invested projects"),
    "enterprise_count": mark("enterprises"),
    "registered_capital_bn_vnd": mark("registered capital (VND)"),
    "registered_capital_m_usd": mark("registered capital (USD)"),
    "workers": mark("workers"),
    "rent_usd_m2": mark("land rent for the remaining term"),
    "rent_min_usd_m2": mark("land rent for the remaining term, from"),
    "rent_max_usd_m2": mark("land rent for the remaining term, up to"),
}

UNIT: Final = {
    "ha": mark("ha"),
    "%": mark("%"),
    "count": "",
    "bn_vnd": mark("bn VND"),
    "m_usd": mark("m USD"),
    "people": mark("people"),
    "usd_per_m2": mark("USD/m²"),
}

BASIS: Final = {
    "kcn_2022": mark("industrial and service land (Decree 35/2022/NĐ-CP, Article 2.22)"),
    "kcn_2018": mark("industrial land (Decree 82/2018/NĐ-CP, Article 2.12)"),
    "ccn_2024": mark(
        "industrial land leased or with an approved or registered project "
        "(Decree 32/2024/NĐ-CP, Article 2.7)",
    ),
    "reported": mark("as the source reports it, basis not stated"),
}

# For charts and lists; the long ones name the article.
BASIS_SHORT: Final = {
    "kcn_2022": mark("Decree 35/2022: industrial and service land"),
    "kcn_2018": mark("Decree 82/2018: industrial land"),
    "ccn_2024": mark("Decree 32/2024: industrial land"),
    "reported": mark("reported, basis not stated"),
}

BASIS_CODE: Final = {
    "kcn_2022": mark("Decree 35/2022"),
    "kcn_2018": mark("Decree 82/2018"),
    "ccn_2024": mark("Decree 32/2024"),
    "reported": mark("not stated"),
}

HOW: Final = {
    "observed": "",
    "computed": mark("computed"),
    "derived": mark("derived"),
    "sum_of_parts": mark("sum of the parts"),
    "lower_bound": mark("lower bound: only some parts are known"),
    "from_plots": mark("from plots"),
    "from_leases": mark("from leases"),
    "from_outline": mark("measured from the outline"),
    "scenario": mark("assumed in a scenario"),
}

# Words of codes that go without one beside a figure; a table with a column of codes has them.
SILENT: Final = {
    "HOW": {"observed": mark("as the source has it")},
    "UNIT": {"count": mark("number")},
}

NATURE: Final = {
    "measured": "",
    "planned": mark("figure of a plan"),
    "proposed": mark("proposed figure"),
}

RULE: Final = {
    "less_exact_date": mark("less exact date"),
    "not_leased_over_leasable": mark("differs from leased over leasable land"),
    "earlier_source": mark("earlier source"),
    "replaced_in_scenario": mark("another value is assumed in the scenario"),
    "over_leasable": mark("more leased than leasable land"),
    "after_date": mark("later than the date asked for"),
    "phase": mark("speaks of a phase, not of the whole"),
    "planned": mark("a plan, not a measured figure"),
    "proposed": mark("a proposal, not a measured figure"),
    "undated": mark("undated, and a dated figure exists"),
    "over_100": mark("a rate over 100 % can't be right"),
    "rate_is_newer": mark("over 12 months older than a reported rate"),
    "over_12_months": mark("over 12 months away from the leased land it would go with"),
    "other_basis": mark("counted on another basis"),
    "not_nearest": mark("another figure is nearer in time"),
    "older": mark("a newer figure exists"),
}

NODE: Final = {
    "seaport": mark("seaport"),
    "inland_port": mark("inland port"),
    "airport": mark("airport"),
    "railway_station": mark("railway station"),
    "border_gate": mark("border gate"),
    "expressway_interchange": mark("expressway interchange"),
    "power_substation_220_500": mark("220-500 kV substation"),
}

LINK_STATUS: Final = {
    "in_use": mark("in use"),
    "under_construction": mark("under construction"),
    "planned": mark("in a plan"),
}

STANCE: Final = {
    "first_priority": mark("first priority"),
    "second_priority": mark("second priority"),
    "encouraged": mark("encouraged"),
    "conditional": mark("conditional"),
    "restricted": mark("restricted"),
}

INDUSTRY: Final = {
    "electronics": mark("electronics"),
    "information_technology": mark("information technology"),
    "semiconductor": mark("semiconductors"),
    "high_tech": mark("high technology"),
    "mechanical_assembly": mark("mechanical engineering and assembly"),
    "automotive": mark("cars and motor vehicles"),
    "agri_machinery": mark("farm machinery"),
    "support_industry": mark("supporting industry"),
    "new_materials": mark("new materials"),
    "steel_metallurgy": mark("steel and metallurgy"),
    "chemicals": mark("chemicals"),
    "energy": mark("energy"),
    "pharma_herbal": mark("medicine and medicinal plants"),
    "agro_food_processing": mark("farm produce and food processing"),
    "seafood_processing": mark("seafood processing"),
    "beverages": mark("beverages"),
    "wood_processing": mark("wood processing"),
    "rubber": mark("rubber"),
    "animal_feed_fertilizer": mark("animal feed and fertiliser"),
    "building_materials": mark("building materials"),
    "mineral_processing": mark("mineral processing"),
    "garment_footwear": mark("garments and footwear"),
    "consumer_goods": mark("consumer goods"),
    "handicraft": mark("handicrafts"),
    "logistics": mark("logistics"),
    "multi_sector": mark("several sectors"),
}
