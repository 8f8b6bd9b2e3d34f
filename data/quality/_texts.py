"""What findings on figures say, and what their rules expect, in Vietnamese and English.

The templates are filled in by :func:`data.quality._telling.told`.
"""

from __future__ import annotations

RULES: dict[str, tuple[str, str]] = {
    "F001": (
        (
            "Phần không lớn hơn cái chứa nó: đất đã cho thuê ≤ đất công nghiệp có thể cho thuê "
            "≤ tổng diện tích"
        ),
        "No more than what holds it: leased <= leasable <= total area",
    ),
    "F002": (
        ("Tỷ lệ lấp đầy công bố so với đất đã cho thuê chia cho đất công nghiệp có thể cho thuê"),
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
        "Có doanh nghiệp thuê nhưng tình trạng chưa phải là đang hoạt động",
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
            "{area}: nguồn ghi tỷ lệ lấp đầy {value_rate} ({date_rate}); {value_leased} đất đã cho "
            "thuê trên {value_leasable} đất công nghiệp có thể cho thuê là {value_expected}"
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
            "({date_after}), tức {value_pace} đất công nghiệp có thể cho thuê mỗi năm"
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
    "F008.undated": (
        "{area}: {metric} không ghi ngày và nguồn ghi khác nhau: {values}",
        "{area}: {metric} without a date, and the sources differ: {values}",
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
            "{area}: {metric} {value} ({date}) cho thấy đã có doanh nghiệp thuê, trong khi tình "
            "trạng chưa phải là đang hoạt động"
        ),
        "{area}: {metric} {value} ({date}) shows tenants, though its status isn't operating",
    ),
    "F016": (
        "{area}: {metric_part} {value_part} lớn hơn {metric_whole} {value_whole} ({date})",
        "{area}: {metric_part} {value_part} is more than {metric_whole} {value_whole} ({date})",
    ),
    "F017": (
        (
            "{area}: đang hoạt động nhưng chưa có số liệu về đất công nghiệp có thể cho thuê, đất "
            "đã cho thuê hay tỷ lệ lấp đầy"
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
    "F008.undated": ("ngày của từng số, hoặc một số duy nhất", "a date for each, or one figure"),
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
        "đất công nghiệp có thể cho thuê và đất đã cho thuê, hoặc tỷ lệ lấp đầy",
        "leasable and leased land, or a fill rate",
    ),
}
