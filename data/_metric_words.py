"""What metrics and their units are called in Vietnamese and English, within a sentence."""

from __future__ import annotations

METRIC_WORDS: dict[str, tuple[str, str]] = {
    "total_area_ha": ("tổng diện tích", "total area"),
    "project_area_ha": ("diện tích dự án", "project area"),
    "industrial_land_ha": ("đất công nghiệp có thể cho thuê", "leasable land"),
    "leased_ha": ("đất đã cho thuê", "leased land"),
    "cleared_ha": ("đất đã giải phóng mặt bằng", "cleared land"),
    "infrastructure_ha": (
        "đất công nghiệp đã xây dựng hạ tầng kỹ thuật",
        "land with infrastructure",
    ),
    "fill_rate_pct": ("tỷ lệ lấp đầy", "fill rate"),
    "project_count": ("số dự án", "number of projects"),
    "fdi_project_count": ("số dự án FDI", "number of FDI projects"),
    "enterprise_count": ("số doanh nghiệp", "number of enterprises"),
    "registered_capital_bn_vnd": ("vốn đăng ký", "registered capital"),
    "registered_capital_m_usd": ("vốn đăng ký", "registered capital"),
    "workers": ("số lao động", "number of workers"),
    "rent_usd_m2": ("giá thuê đất", "land rent"),
    "rent_min_usd_m2": ("giá thuê đất thấp nhất", "lowest land rent"),
    "rent_max_usd_m2": ("giá thuê đất cao nhất", "highest land rent"),
    "area_count": ("số khu, cụm đã thành lập", "number of established areas"),
    "operating_count": ("số khu, cụm đang hoạt động", "number of operating areas"),
}
UNIT_WORDS: dict[str, tuple[str, str]] = {
    "ha": ("ha", "ha"),
    "%": ("%", "%"),
    "count": ("", ""),
    "people": ("người", "people"),
    "bn_vnd": ("tỷ đồng", "bn VND"),
    "m_usd": ("triệu USD", "m USD"),
    "usd_per_m2": ("USD/m²", "USD/m²"),
    "m3_day": ("m³/ngày", "m³/day"),
}
