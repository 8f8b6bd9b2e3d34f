"""What others script against, written out: it may grow at its end, and change no other way."""

ZONE_KEYS = [
    "zone_key",
    "name_vi",
    "name_en",
    "group",
    "zone_area_ha",
    "areas_count",
    "areas_by_kind",
    "total_area_ha",
    "leasable_ha",
    "leased_ha",
    "available_ha",
    "fill_rate_pct",
    "fill_rate_min_pct",
    "fill_rate_max_pct",
    "fill_rate_bases",
    "coverage_count_pct",
    "coverage_land_pct",
    "pipeline_ha",
]
