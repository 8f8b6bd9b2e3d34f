"""The closed vocabularies of the fact tables and the resolutions, each in one place.

A `Literal` is for type hints and models, the tuple of its values for the schemas of the
tables, where there is one. The order is the order of display.
"""

from __future__ import annotations

from typing import Literal, get_args

Kind = Literal["economic_zone", "industrial_park", "industrial_cluster", "high_tech_park"]
KINDS: tuple[Kind, ...] = get_args(Kind)

Status = Literal["operating", "under_construction", "established", "planned", "removed"]
STATUSES: tuple[Status, ...] = get_args(Status)

Wastewater = Literal["yes", "no", "under_construction"]
WASTEWATER: tuple[Wastewater, ...] = get_args(Wastewater)

Basis = Literal["kcn_2022", "kcn_2018", "ccn_2024", "reported"]
BASES: tuple[Basis, ...] = get_args(Basis)

Qualifier = Literal["=", "~", ">", "<"]
QUALIFIERS: tuple[Qualifier, ...] = get_args(Qualifier)

Scope = Literal["whole", "phase"]
SCOPES: tuple[Scope, ...] = get_args(Scope)

Nature = Literal["measured", "planned", "proposed"]
NATURES: tuple[Nature, ...] = get_args(Nature)

# What an observation of one area may measure, with its unit.
METRICS: dict[str, str] = {
    "total_area_ha": "ha",
    "project_area_ha": "ha",
    "industrial_land_ha": "ha",
    "leased_ha": "ha",
    "cleared_ha": "ha",
    "infrastructure_ha": "ha",
    "fill_rate_pct": "%",
    "project_count": "count",
    "fdi_project_count": "count",
    "enterprise_count": "count",
    "registered_capital_bn_vnd": "bn_vnd",
    "registered_capital_m_usd": "m_usd",
    "workers": "people",
    "rent_usd_m2": "usd_per_m2",
    "rent_min_usd_m2": "usd_per_m2",
    "rent_max_usd_m2": "usd_per_m2",
}

# What the totals of a province may state besides: counts of areas in some state, and land.
PROVINCE_METRICS: dict[str, str] = METRICS | {
    "area_count": "count",
    "operating_count": "count",
    "established_count": "count",
    "established_area_ha": "ha",
    "filled_count": "count",
    "infrastructure_count": "count",
    "detailed_plan_count": "count",
    "detailed_plan_only_count": "count",
    "wastewater_count": "count",
    "wastewater_central_count": "count",
}

ProvinceScope = Literal["kkt", "kcn", "ccn"]
PROVINCE_SCOPES: tuple[ProvinceScope, ...] = get_args(ProvinceScope)

Subset = Literal["all", "state_built", "enterprise_built"]
SUBSETS: tuple[Subset, ...] = get_args(Subset)

IndustryTag = Literal[
    "electronics",
    "information_technology",
    "semiconductor",
    "high_tech",
    "mechanical_assembly",
    "automotive",
    "agri_machinery",
    "support_industry",
    "new_materials",
    "steel_metallurgy",
    "chemicals",
    "energy",
    "pharma_herbal",
    "agro_food_processing",
    "seafood_processing",
    "beverages",
    "wood_processing",
    "rubber",
    "animal_feed_fertilizer",
    "building_materials",
    "mineral_processing",
    "garment_footwear",
    "consumer_goods",
    "handicraft",
    "logistics",
    "multi_sector",
]
INDUSTRY_TAGS: tuple[IndustryTag, ...] = get_args(IndustryTag)

# Land uses of a plot: SKK industrial park, SKN industrial cluster (land-use signs of cadastre).
PlotUse = Literal["SKK", "SKN", "service", "green", "traffic", "technical", "social"]
PLOT_USES: tuple[PlotUse, ...] = get_args(PlotUse)

PlotStatus = Literal["leased", "approved", "available", "reserved", "not_cleared"]
PLOT_STATUSES: tuple[PlotStatus, ...] = get_args(PlotStatus)

LeaseStatus = Literal["leased", "approved"]
LEASE_STATUSES: tuple[LeaseStatus, ...] = get_args(LeaseStatus)

ZoneGroup = Literal["base_partition", "economic_zone", "corridor", "regional_link"]
ZONE_GROUPS: tuple[ZoneGroup, ...] = get_args(ZoneGroup)

UnitLevel = Literal["district", "commune", "commune_2025"]

Confidence = Literal["stated", "inferred"]

RoadClass = Literal["expressway", "national_road", "ho_chi_minh_road", "coastal_road"]
ROAD_CLASSES: tuple[RoadClass, ...] = get_args(RoadClass)

NodeType = Literal[
    "seaport",
    "inland_port",
    "airport",
    "railway_station",
    "border_gate",
    "expressway_interchange",
    "power_substation_220_500",
]
NODE_TYPES: tuple[NodeType, ...] = get_args(NodeType)

NodeMethod = Literal["source", "gazetteer", "knowledge"]
NODE_METHODS: tuple[NodeMethod, ...] = get_args(NodeMethod)

LinkStatus = Literal["in_use", "under_construction", "planned"]
LINK_STATUSES: tuple[LinkStatus, ...] = get_args(LinkStatus)

Verified = Literal["clause", "translation", "secondary", "repealed", "no"]
VERIFIED: tuple[Verified, ...] = get_args(Verified)

Operator = Literal[">=", "<=", ">", "<", "="]
OPERATORS: tuple[Operator, ...] = get_args(Operator)

DocumentKind = Literal[
    "resolution",
    "conclusion",
    "implementation_plan",
    "provincial_plan",
    "regional_plan",
    "decision",
    "secondary_source",
]

# Whose clusters are averaged in the test for a new one.
ClusterTerritory = Literal["commune", "legacy_district", "province"]
CLUSTER_TERRITORIES: tuple[ClusterTerritory, ...] = get_args(ClusterTerritory)

# What a target may ask for, with its unit; the land account can measure the first four.
TargetMetric = Literal[
    "fill_rate_pct",
    "central_wastewater_share_pct",
    "new_area_count",
    "eco_area_green_share_pct",
    "industrial_output_bn_vnd_2010",
    "craft_share_of_output_pct",
    "output_growth_pct_year",
    "value_added_bn_vnd",
    "value_added_growth_pct_year",
    "value_added_index_pct",
    "manufacturing_growth_pct_year",
    "industry_construction_share_grdp_pct",
    "manufacturing_share_grdp_pct",
    "manufacturing_investment_bn_vnd",
    "manufacturing_investment_bn_vnd_year",
    "new_jobs",
    "new_jobs_year",
    "skilled_share_of_new_jobs_pct",
    "trained_labour_share_pct",
    "certified_labour_share_pct",
    "labour_growth_pct_year",
    "support_industry_firms",
    "support_industry_share_manufacturing_pct",
    "industry_linkage_clusters",
    "deep_processed_growth_pct_year",
    "digital_share_pct",
    "power_output_growth_pct_year",
    "villages_on_grid_pct",
    "craft_village_count",
]

TargetUnit = Literal[
    "%", "%/year", "bn_vnd", "bn_vnd/year", "jobs", "jobs/year", "firms", "areas", "villages"
]
TARGET_UNITS: tuple[TargetUnit, ...] = get_args(TargetUnit)

TargetOperator = Literal[">=", ">", "<=", "<", "=", "between"]

# How firmly a rule speaks, from the hardest.
Strength = Literal["forbid", "require", "limit", "encourage"]

RuleSubject = Literal[
    "industrial_project",
    "polluting_plant",
    "polluting_industry",
    "licensing",
    "park_or_cluster",
    "mining",
]

Stance = Literal["first_priority", "second_priority", "encouraged", "conditional", "restricted"]
STANCES: tuple[Stance, ...] = get_args(Stance)

Topic = Literal[
    "spatial",
    "land",
    "environment",
    "infrastructure",
    "industry",
    "finance",
    "social",
    "digital",
    "administration",
]
