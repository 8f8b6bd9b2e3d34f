"""Words of the data-quality findings, in Vietnamese and English, and how they show values.

The templates are filled by the name of each parameter: `metric...` is a word, `date...` a
printed date, `basis...` a basis, `value...` a number; everything else is shown as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypedDict

if TYPE_CHECKING:
    from collections.abc import Mapping

Lang = Literal["vi", "en"]
Param = str | float | int


class Told(TypedDict):
    """What a finding says and what its rule expects."""

    message_vi: str
    message_en: str
    expected_vi: str
    expected_en: str


RULES: dict[str, tuple[str, str]] = {
    "F001": (
        "Phần không lớn hơn cái chứa nó: đã thuê ≤ cho thuê được ≤ tổng diện tích",
        "No more than what holds it: leased <= leasable <= total area",
    ),
    "F002": (
        "Tỷ lệ lấp đầy công bố so với đất đã thuê chia cho đất cho thuê được",
        "Reported fill rate against leased over leasable land",
    ),
    "F003": (
        "Ngày trong tương lai mà không ghi là kế hoạch",
        "Date in the future not marked as a plan",
    ),
    "F004": ("Tỷ lệ trên 100 %", "Rate over 100 %"),
    "F005": ("Các phần so với toàn bộ khu", "Parts against their whole"),
    "F006": ("Số toàn tỉnh so với cộng các khu, cụm", "Province total against the sum of areas"),
    "F007": ("Thay đổi đột ngột theo thời gian", "Sudden change over time"),
    "F008": ("Các nguồn cùng thời điểm mâu thuẫn", "Sources of one day that disagree"),
    "F009": ("Số liệu không có ngày", "Figure without a date"),
    "F010": ("Số liệu đã cũ", "Old figures"),
    "F011": ("Số liệu đang dùng không chính xác tuyệt đối", "Figure in use is not exact"),
    "F012": ("Số liệu ghi ngày sau ngày của nguồn", "Figure dated after its source"),
    "F013": ("Có doanh nghiệp thuê trước năm thành lập", "Tenants before the year of founding"),
    "F014": ("Công suất xử lý nước thải mà không có trạm", "Wastewater capacity without a plant"),
    "F015": (
        "Có doanh nghiệp thuê nhưng trạng thái chưa hoạt động",
        "Tenants in an area that isn't called operating",
    ),
    "F016": ("Số bộ phận lớn hơn số chung", "Part of a count over the count"),
    "F017": (
        "Khu, cụm đang hoạt động mà chưa có số liệu về đất cho thuê",
        "Operating area without any figure on its land to lease",
    ),
}

TEXTS: dict[str, tuple[str, str]] = {
    "F001": (
        (
            "{area}: {metric_part} {value_part} ({date_part}) lớn hơn {metric_whole} {value_whole} "
            "({date_whole})"
        ),
        (
            "{area}: {metric_part} {value_part} ({date_part}) is more than {metric_whole} "
            "{value_whole} ({date_whole})"
        ),
    ),
    "F001.project": (
        (
            "{area}: {metric_part} {value_part} ({date_part}) lớn hơn {metric_whole} {value_whole} "
            "nhưng không quá diện tích dự án {value_project}: số này nói về cả dự án"
        ),
        (
            "{area}: {metric_part} {value_part} ({date_part}) is more than {metric_whole} "
            "{value_whole} but within the project area of {value_project}: it speaks of the project"
        ),
    ),
    "F002": (
        (
            "{area}: nguồn ghi tỷ lệ lấp đầy {value_rate} ({date_rate}); {value_leased} đã thuê "
            "trên {value_leasable} cho thuê được là {value_expected}"
        ),
        (
            "{area}: a fill rate of {value_rate} is reported ({date_rate}); {value_leased} leased "
            "of {value_leasable} leasable make {value_expected}"
        ),
    ),
    "F003": (
        "{area}: {metric} {value} ghi ngày {date} là số đo được, trong khi ngày đó chưa tới",
        "{area}: {metric} {value} is given as measured on {date}, which is still to come",
    ),
    "F003.open": (
        (
            "{area}: {metric} {value} ghi {date}, thời kỳ chưa kết thúc: chỉ được dùng từ ngày "
            "cuối của thời kỳ"
        ),
        (
            "{area}: {metric} {value} is dated {date}, which isn't over: it counts from the last "
            "day of it"
        ),
    ),
    "F004": (
        "{area}: tỷ lệ {value} ({date}) vượt 100 %",
        "{area}: a rate of {value} ({date}) is over 100 %",
    ),
    "F005.over": (
        (
            "{area}: {metric} của các phần cộng lại là {value_sum}, lớn hơn toàn bộ {value_whole} "
            "({date})"
        ),
        (
            "{area}: {metric} of the parts sums to {value_sum}, more than the whole {value_whole} "
            "({date})"
        ),
    ),
    "F005.under": (
        (
            "{area}: {metric} của các phần cộng lại là {value_sum}, nhỏ hơn toàn bộ {value_whole} "
            "({date}); có thể còn phần chưa có trong bảng"
        ),
        (
            "{area}: {metric} of the parts sums to {value_sum}, less than the whole {value_whole} "
            "({date}); the tables may lack a part"
        ),
    ),
    "F006.over": (
        (
            "{province}, {kinds}: {metric} theo các bảng ít nhất là {value_here}, nhiều hơn số "
            "{value_reported} của tỉnh ({date})"
        ),
        (
            "{province}, {kinds}: {metric} by the tables is at least {value_here}, more than the "
            "{value_reported} that the province states ({date})"
        ),
    ),
    "F006.under": (
        (
            "{province}, {kinds}: {metric} theo các bảng nhiều nhất là {value_here}, ít hơn số "
            "{value_reported} của tỉnh ({date}); danh mục chưa đủ"
        ),
        (
            "{province}, {kinds}: {metric} by the tables is at most {value_here}, less than the "
            "{value_reported} that the province states ({date}); the lists are incomplete"
        ),
    ),
    "F007.fall": (
        (
            "{area}: {metric} giảm từ {value_before} ({date_before}) xuống {value_after} "
            "({date_after}) theo cùng cách tính"
        ),
        (
            "{area}: {metric} falls from {value_before} ({date_before}) to {value_after} "
            "({date_after}) on one basis"
        ),
    ),
    "F007.jump": (
        (
            "{area}: {metric} tăng từ {value_before} ({date_before}) lên {value_after} "
            "({date_after}), tức {value_pace} đất cho thuê được mỗi năm"
        ),
        (
            "{area}: {metric} rises from {value_before} ({date_before}) to {value_after} "
            "({date_after}), which is {value_pace} of the leasable land a year"
        ),
    ),
    "F007.base": (
        (
            "{area}: {metric} đổi từ {value_before} ({date_before}) thành {value_after} "
            "({date_after}) theo cùng cách tính: mẫu số của tỷ lệ đã đổi"
        ),
        (
            "{area}: {metric} changes from {value_before} ({date_before}) to {value_after} "
            "({date_after}) on one basis: the base of the rate has changed"
        ),
    ),
    "F007.basis": (
        (
            "{area}: {metric} từ {value_before} ({date_before}, {basis_before}) thành "
            "{value_after} ({date_after}, {basis_after}): cách tính đã đổi, tỷ lệ trước và sau "
            "không so được"
        ),
        (
            "{area}: {metric} from {value_before} ({date_before}, {basis_before}) to {value_after} "
            "({date_after}, {basis_after}): the basis has changed, rates before and after don't "
            "compare"
        ),
    ),
    "F007.size": (
        "{area}: {metric} đổi từ {value_before} ({date_before}) thành {value_after} ({date_after})",
        (
            "{area}: {metric} changes from {value_before} ({date_before}) to {value_after} "
            "({date_after})"
        ),
    ),
    "F008": (
        "{area}: {metric} cùng thời điểm {date} nhưng nguồn ghi khác nhau: {values}",
        "{area}: {metric} of one day, {date}, but the sources differ: {values}",
    ),
    "F009": (
        "{area}: {metric} {value} không ghi ngày; chỉ được dùng khi không có số liệu nào có ngày",
        "{area}: {metric} {value} has no date; it is used only where no dated figure exists",
    ),
    "F009.unused": (
        "{area}: {metric} {value} không ghi ngày và không được dùng vì đã có số liệu có ngày",
        "{area}: {metric} {value} has no date and isn't used, because dated figures exist",
    ),
    "F010": (
        (
            "{area}: số liệu mới nhất về đất cho thuê ({metric} {value}) là của {date}, đã quá "
            "{years} năm"
        ),
        (
            "{area}: the newest figure on land to lease ({metric} {value}) is of {date}, more than "
            "{years} years old"
        ),
    ),
    "F011": (
        "{area}: {metric} {value} ({date}) là số gần đúng theo nguồn",
        "{area}: {metric} {value} ({date}) is about, over or nearly, as the source says",
    ),
    "F011.date": (
        "{area}: ngày {date} của {metric} {value} là suy ra hoặc ước tính",
        "{area}: the date {date} of {metric} {value} is inferred or estimated",
    ),
    "F012": (
        "{area}: {metric} {value} ghi ngày {date}, sau ngày {date_source} của nguồn {source}",
        (
            "{area}: {metric} {value} is dated {date}, after the date {date_source} of its source "
            "{source}"
        ),
    ),
    "F013": (
        "{area}: {metric} {value} đã có từ {date}, trước năm thành lập {year}",
        "{area}: {metric} {value} is on record for {date}, before the year of founding {year}",
    ),
    "F014": (
        "{area}: có công suất xử lý nước thải {value} nhưng không ghi là có trạm",
        "{area}: has a wastewater capacity of {value} but no plant on record",
    ),
    "F015": (
        (
            "{area}: {metric} {value} ({date}) cho thấy đã có doanh nghiệp thuê, trong khi trạng "
            "thái chưa phải là đang hoạt động"
        ),
        "{area}: {metric} {value} ({date}) shows tenants, though its status isn't operating",
    ),
    "F016": (
        "{area}: {metric_part} {value_part} lớn hơn {metric_whole} {value_whole} ({date})",
        "{area}: {metric_part} {value_part} is more than {metric_whole} {value_whole} ({date})",
    ),
    "F017": (
        (
            "{area}: đang hoạt động nhưng chưa có số liệu về đất cho thuê được, đất đã thuê hay tỷ "
            "lệ lấp đầy"
        ),
        "{area}: operating, but neither leasable nor leased land nor a fill rate is known",
    ),
}

# What the rule expects, filled in as the texts above.
EXPECTED: dict[str, tuple[str, str]] = {
    "F001": (
        "không quá {metric_whole} {value_whole} ({date_whole})",
        "no more than {metric_whole} {value_whole} ({date_whole})",
    ),
    "F001.project": (
        "không quá {metric_whole} {value_whole} ({date_whole})",
        "no more than {metric_whole} {value_whole} ({date_whole})",
    ),
    "F002": (
        "{value_expected} = {value_leased} / {value_leasable}",
        "{value_expected} = {value_leased} / {value_leasable}",
    ),
    "F003": ("không sau {date_today}", "no later than {date_today}"),
    "F003.open": ("không sau {date_today}", "no later than {date_today}"),
    "F004": ("không quá 100 %", "no more than 100 %"),
    "F005.over": ("không quá {value_whole} ({date})", "no more than {value_whole} ({date})"),
    "F005.under": ("{value_whole} ({date})", "{value_whole} ({date})"),
    "F006.over": ("không quá {value_reported} ({date})", "no more than {value_reported} ({date})"),
    "F006.under": ("{value_reported} ({date})", "{value_reported} ({date})"),
    "F007.fall": (
        "không giảm so với {value_before} ({date_before})",
        "no fall from {value_before} ({date_before})",
    ),
    "F007.jump": (
        "tăng chậm hơn từ {value_before} ({date_before})",
        "a slower rise from {value_before} ({date_before})",
    ),
    "F007.base": (
        "giữ nguyên {value_before} ({date_before})",
        "still {value_before} ({date_before})",
    ),
    "F007.basis": (
        "cùng cách tính như trước: {basis_before}",
        "the basis as before: {basis_before}",
    ),
    "F007.size": (
        "gần bằng {value_before} ({date_before})",
        "near {value_before} ({date_before})",
    ),
    "F008": ("một số duy nhất cho {date}", "one figure for {date}"),
    "F009": ("ngày, tháng hoặc năm của số liệu", "the day, month or year of the figure"),
    "F009.unused": ("ngày, tháng hoặc năm của số liệu", "the day, month or year of the figure"),
    "F010": ("số liệu từ {date_since} trở lại đây", "a figure of {date_since} or later"),
    "F011": ("số chính xác", "an exact figure"),
    "F011.date": ("ngày do nguồn ghi", "a date that the source states"),
    "F012": ("không sau {date_source}", "no later than {date_source}"),
    "F013": ("từ năm {year} trở đi", "the year {year} or later"),
    "F014": (
        "có trạm xử lý nước thải tập trung, hoặc đang xây dựng",
        "a central wastewater plant that exists or is under construction",
    ),
    "F015": (
        "đang hoạt động hoặc đang xây dựng hạ tầng",
        "operating or under construction",
    ),
    "F016": ("không quá {value_whole} ({date})", "no more than {value_whole} ({date})"),
    "F017": (
        "đất cho thuê được và đất đã thuê, hoặc tỷ lệ lấp đầy",
        "leasable and leased land, or a fill rate",
    ),
}

METRIC_WORDS: dict[str, tuple[str, str]] = {
    "total_area_ha": ("tổng diện tích", "total area"),
    "project_area_ha": ("diện tích dự án", "project area"),
    "industrial_land_ha": ("đất công nghiệp có thể cho thuê", "leasable land"),
    "leased_ha": ("đất đã cho thuê", "leased land"),
    "cleared_ha": ("đất đã giải phóng mặt bằng", "cleared land"),
    "infrastructure_ha": ("đất đã xây dựng hạ tầng kỹ thuật", "land with infrastructure"),
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
BASIS_WORDS: dict[str, tuple[str, str]] = {
    "kcn_2022": ("Nghị định 35/2022/NĐ-CP", "Decree 35/2022"),
    "kcn_2018": ("Nghị định 82/2018/NĐ-CP", "Decree 82/2018"),
    "ccn_2024": ("Nghị định 32/2024/NĐ-CP", "Decree 32/2024"),
    "reported": ("nguồn không nêu cách tính", "basis not stated"),
}
KIND_WORDS: dict[str, tuple[str, str]] = {
    "kcn": ("khu công nghiệp", "industrial parks"),
    "ccn": ("cụm công nghiệp", "industrial clusters"),
    "kkt": ("khu kinh tế", "economic zones"),
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
QUALIFIER_WORDS: dict[str, tuple[str, str]] = {
    "=": ("", ""),
    "~": ("khoảng", "about"),
    ">": ("trên", "over"),
    "<": ("gần", "nearly"),
}
UNDATED = ("không ghi ngày", "undated")


def number(value: float, lang: Lang) -> str:
    """Write a number as the language does, at most two decimals.

    Examples
    --------
    >>> number(12345.678, "vi"), number(12345.678, "en"), number(38.0, "vi")
    ('12.345,68', '12,345.68', '38')
    """
    text = f"{value:,.2f}".rstrip("0").rstrip(".")
    return text.translate(str.maketrans(",.", ".,")) if lang == "vi" else text


def quantity(value: float, unit: str, qualifier: str, lang: Lang) -> str:
    """Write a number with its unit and how exact it is.

    Examples
    --------
    >>> quantity(39.5, "ha", "~", "vi"), quantity(39.5, "ha", "~", "en")
    ('khoảng 39,5 ha', 'about 39.5 ha')
    """
    which = lang == "en"
    words = (QUALIFIER_WORDS[qualifier][which], number(value, lang), UNIT_WORDS[unit][which])
    return " ".join(word for word in words if word)


def date(printed: str, lang: Lang) -> str:
    """Write a partial date, the day first.

    Examples
    --------
    >>> date("2025-07", "vi"), date("2025-07-31", "en"), date("", "en")
    ('07/2025', '31/07/2025', 'undated')
    """
    return "/".join(reversed(printed.split("-"))) if printed else UNDATED[lang == "en"]


def told(key: str, params: Mapping[str, tuple[Param, ...] | Param]) -> Told:
    """Tell in both languages what was found and what is expected.

    Parameters
    ----------
    key
        Of `TEXTS` and `EXPECTED`.
    params
        By name; `value...` is (number, unit, qualifier), `values` a tuple of those, flat;
        `area_vi` and `area_en` are what `{area}` is in each language.
    """
    vi, en = _shown(params, "vi"), _shown(params, "en")
    (message_vi, message_en), (expected_vi, expected_en) = TEXTS[key], EXPECTED[key]
    return {
        "message_vi": message_vi.format(**vi),
        "message_en": message_en.format(**en),
        "expected_vi": expected_vi.format(**vi),
        "expected_en": expected_en.format(**en),
    }


def _shown(params: Mapping[str, tuple[Param, ...] | Param], lang: Lang) -> dict[str, str]:
    which = lang == "en"
    shown: dict[str, str] = {}
    for name, value in params.items():
        if isinstance(value, tuple):
            triples = [value[at : at + 3] for at in range(0, len(value), 3)]
            shown[name] = "; ".join(
                quantity(float(amount), str(unit), str(qualifier), lang)
                for amount, unit, qualifier in triples
            )
        elif name == f"area_{lang}":
            shown["area"] = str(value)
        elif name.startswith("metric"):
            shown[name] = METRIC_WORDS[str(value)][which]
        elif name.startswith("basis"):
            shown[name] = BASIS_WORDS[str(value)][which]
        elif name.startswith("date"):
            shown[name] = date(str(value), lang)
        elif name == "kinds":
            shown[name] = KIND_WORDS[str(value)][which]
        else:
            shown[name] = str(value)
    return shown
