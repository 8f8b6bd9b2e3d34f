"""Makes the two Word templates of the report: ``python -m scripts.report_template``.

The templates are ordinary Word files with fields of docxtpl (``{{ ... }}``, ``{%tr ... %}``), so
an office may open them in Word or LibreOffice and change wording, order, fonts and its own name;
this script lays down the first version, in the layout of :mod:`scripts.word_template`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt

from scripts.word_template import BODY, Template, add_run, widen

if TYPE_CHECKING:
    from collections.abc import Sequence

FOLDER: Final = Path(__file__).resolve().parent.parent / "layers" / "report"
_RULE: Final = "─"


def make_template(lang: str) -> bytes:
    """Make the template of one language ("vi" or "en")."""
    t = Template(lang)
    _letterhead(t)
    _title(t)
    t.each("line in lead", "{{ line }}", "Report Body")
    _scope(t)
    _scenario(t)
    _account(t)
    _places(t)
    _policy(t)
    _quality(t)
    _signature(t)
    _annexes(t)
    return t.save()


def _letterhead(t: Template) -> None:
    """Write the head: issuer and number left, state and motto, place and date right."""
    table = t.grid(2, 2, None)
    widen(table, (67, 98))
    left, right = table.rows[0].cells
    lines: Sequence[tuple[str, int, bool]] = (
        (t.pick("[TÊN CƠ QUAN CHỦ QUẢN]", "[SUPERIOR AGENCY]"), 12, False),
        (t.pick("[TÊN CƠ QUAN BAN HÀNH]", "[ISSUING AGENCY]"), 12, True),
        (_RULE * 8, 8, True),
    )
    t.lines(left, lines)
    lines = (
        (
            t.pick(
                "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
                "SOCIALIST REPUBLIC OF VIET NAM",
            ),
            12,
            True,
        ),
        (
            t.pick("Độc lập - Tự do - Hạnh phúc", "Independence - Freedom - Happiness"),
            13,
            True,
        ),
    )
    t.lines(right, lines)
    # A rule as long as the motto: an underline of the paragraph would be longer.
    right.paragraphs[-1].runs[0].underline = True
    left, right = table.rows[1].cells
    t.lines(left, ((t.pick("Số: ......../BC-........", "No.: ......../BC-........"), 13, False),))
    when = t.pick(
        "............, ngày ...... tháng ...... năm ..........",
        "............, ...... / ...... / ..........",
    )
    t.lines(right, ((when, 13, False),))
    right.paragraphs[0].runs[0].italic = True


def _title(t: Template) -> None:
    """Write the kind of document and its subject."""
    line = t.text("", "Report Middle")
    line.paragraph_format.space_before = Pt(14)
    line.paragraph_format.space_after = Pt(0)
    add_run(line, t.pick("BÁO CÁO", "REPORT"), BODY, bold=True)
    line = t.text("", "Report Middle")
    line.paragraph_format.space_after = Pt(0)
    add_run(line, "{{ subject }}", BODY, bold=True)
    add_run(t.text("", "Report Middle"), _RULE * 10, 8, bold=False)


def _signature(t: Template) -> None:
    """Leave room for recipients and the signer."""
    table = t.grid(1, 2, None)
    left, right = table.rows[0].cells
    widen(table, (80, 85))
    table.rows[0]._tr.get_or_add_trPr().append(  # noqa: SLF001
        parse_xml(f"<w:cantSplit {nsdecls('w')}/>"),
    )
    line = left.paragraphs[0]
    line.style = t.doc.styles["Report Note"]
    add_run(line, t.pick("Nơi nhận:", "Recipients:"), 12, bold=True).italic = True
    for text in (
        "- ........................;",
        t.pick("- Lưu: VT, ........", "- File: ........"),
    ):
        more = left.add_paragraph(style="Report Note")
        more.paragraph_format.space_after = Pt(0)
        add_run(more, text, 11)
    t.lines(
        right,
        (
            (
                t.pick("[QUYỀN HẠN, CHỨC VỤ CỦA NGƯỜI KÝ]", "[AUTHORITY, POSITION OF THE SIGNER]"),
                14,
                True,
            ),
            ("", 14, False),
            ("", 14, False),
            ("", 14, False),
            (t.pick("[Họ và tên]", "[Full name]"), 14, True),
        ),
    )


def _scope(t: Template) -> None:
    t.heading("Phạm vi và căn cứ số liệu", "Scope and grounds of the figures")
    t.each("line in scope", "- {{ line }}")


def _scenario(t: Template) -> None:
    t.tag("if scenario")
    t.heading("Giả định của kịch bản", "What the scenario assumes")
    t.each("line in scenario.edits", "- {{ line }}")
    t.heading("Thay đổi so với hiện trạng", "What changes against the present")
    t.tag("if scenario.rows")
    t.table(
        (
            ("Đối tượng", "Of", "{{ row.name }}", 58),
            ("Chỉ tiêu", "Figure", "{{ row.field }}", 35),
            ("Hiện trạng", "Present", "{{ row.before }}", 25),
            ("Kịch bản", "Scenario", "{{ row.after }}", 25),
            ("Thay đổi", "Change", "{{ row.change }}", 22),
        ),
        "row in scenario.rows",
    )
    t.tag("else")
    t.text(t.pick("Không có chỉ tiêu nào thay đổi.", "No figure changes."))
    t.tag("endif")
    t.tag("endif")


def _account(t: Template) -> None:
    t.tag("if account")
    t.heading("Tình hình sử dụng đất công nghiệp theo vùng", "Industrial land by zone")
    t.each("line in account.summary", "{{ line }}", "Report Body")
    t.text(
        t.pick(
            "Bảng 1. Đất công nghiệp theo vùng (ha)",
            "Table 1. Industrial land by zone (ha)",
        ),
        "Report Caption",
    )
    t.table(
        (
            ("Vùng", "Zone", "{{ zone.name }}", 50),
            ("Khu, cụm có số liệu", "Areas with figures", "{{ zone.coverage }}", 17),
            ("Tổng diện tích", "Total area", "{{ zone.total }}", 17),
            ("Đất CN có thể cho thuê", "Leasable", "{{ zone.leasable }}", 18),
            ("Đã cho thuê", "Leased", "{{ zone.leased }}", 17),
            ("Chưa cho thuê", "Available", "{{ zone.available }}", 21),
            ("Tỷ lệ lấp đầy", "Fill rate", "{{ zone.rate }}", 25),
        ),
        "zone in account.zones",
    )
    t.text("{{ account.note }}", "Report Note")
    t.tag("if account.chart")
    t.picture("account.chart")
    t.text("{{ account.chart_caption }}", "Report Caption")
    t.tag("endif")
    t.tag("if account.land_chart")
    t.picture("account.land_chart")
    t.text("{{ account.land_caption }}", "Report Caption")
    t.tag("endif")
    t.tag("for zone in account.told")
    t.doc.add_paragraph("{{ zone.name }}", style="Heading 2")
    t.each("line in zone.lines", "- {{ line }}")
    t.tag("endfor")
    t.tag("endif")


def _places(t: Template) -> None:
    t.tag("if comparison")
    t.heading("Kết quả so sánh", "The comparison")
    t.each("line in comparison.lead", "{{ line }}", "Report Body")
    t.tag("for picture in comparison.charts")
    t.picture("picture.image")
    t.text("{{ picture.caption }}", "Report Caption")
    t.tag("endfor")
    t.each("line in comparison.notes", "- {{ line }}")
    t.tag("endif")


def _policy(t: Template) -> None:
    t.tag("if targets")
    t.heading("Mức độ đạt các chỉ tiêu", "Targets")
    t.each("line in targets.summary", "{{ line }}", "Report Body")
    t.tag("if targets.rows")
    t.table(
        (
            ("Chỉ tiêu", "Target", "{{ row.name }}", 50),
            ("Yêu cầu", "Asked", "{{ row.asked }}", 22),
            ("Thời hạn", "Due", "{{ row.due }}", 20),
            ("Đo được", "Measured", "{{ row.measured }}", 28),
            ("Có số liệu", "Known", "{{ row.known }}", 17),
            ("Kết luận", "Verdict", "{{ row.verdict }}", 28),
        ),
        "row in targets.rows",
    )
    t.each("line in targets.why", "- {{ line }}")
    t.tag("endif")
    t.each("line in targets.others", "{{ line }}", "Report Body")
    t.tag("endif")
    t.tag("if conditions")
    t.heading("Điều kiện pháp lý", "Conditions of the law")
    t.each("line in conditions.summary", "{{ line }}", "Report Body")
    t.table(
        (
            ("Đối tượng", "Of", "{{ row.of }}", 31),
            ("Điều kiện", "Condition", "{{ row.text }}", 48),
            ("Đo được", "Measured", "{{ row.measured }}", 22),
            ("Kết luận", "Verdict", "{{ row.verdict }}", 24),
            ("Căn cứ", "Ground", "{{ row.ground }}", 40),
        ),
        "row in conditions.rows",
    )
    t.each("line in conditions.why", "- {{ line }}")
    t.tag("endif")


def _quality(t: Template) -> None:
    t.tag("if quality")
    t.heading("Chất lượng số liệu", "Quality of the data")
    t.each("line in quality.summary", "{{ line }}", "Report Body")
    t.tag("if quality.missing")
    t.text(
        t.pick("Khu, cụm thiếu số liệu nhiều nhất", "What is missing most"),
        "Report Caption",
    )
    t.table(
        (
            ("Khu, cụm", "Park or cluster", "{{ row.name }}", 55),
            ("Diện tích (ha)", "Land (ha)", "{{ row.land }}", 22),
            ("Cần bổ sung", "To ask for", "{{ row.missing }}", 46),
            ("Số liệu mới nhất", "Newest figure", "{{ row.newest }}", 22),
            ("Khoảng thu hẹp (điểm)", "Narrows by (points)", "{{ row.shrink }}", 20),
        ),
        "row in quality.missing",
    )
    t.tag("endif")
    t.tag("if quality.findings")
    t.text(t.pick("Những điểm cần xem lại", "What should be looked at"), "Report Caption")
    t.each("line in quality.findings", "- {{ line }}")
    t.tag("endif")
    t.tag("endif")


def _annexes(t: Template) -> None:
    """Write the annexes; each has its own pages, whose layout stands at its end."""
    t.end_section(next_across=True)
    t.tag("if map")
    t.annex("map", "Bản đồ", "Map")
    t.text("{{ map }}", "Report Middle")
    t.end_section(next_across=True)
    t.tag("endif")
    t.tag("if comparison")
    t.annex("comparison", "Bảng so sánh", "Comparison")
    t.tag("for section in comparison.sections")
    t.text("{{ section.name }}", "Report Caption")
    t.comparison()
    t.tag("endfor")
    t.end_section(next_across=True)
    t.tag("endif")
    t.tag("if areas")
    t.annex("areas", "Danh mục khu, cụm công nghiệp, khu kinh tế", "List of areas")
    t.table(
        (
            ("TT", "No.", "{{ area.number }}", 9),
            ("Tên", "Name", "{{ area.name }}", 54),
            ("Vùng", "Zone", "{{ area.zone }}", 12),
            ("Tình trạng", "Status", "{{ area.status }}", 27),
            ("Tổng diện tích (ha)", "Total area (ha)", "{{ area.total }}", 19),
            ("Đất CN có thể cho thuê (ha)", "Leasable (ha)", "{{ area.leasable }}", 19),
            ("Đã cho thuê (ha)", "Leased (ha)", "{{ area.leased }}", 19),
            ("Tỷ lệ lấp đầy (%)", "Fill rate (%)", "{{ area.rate }}", 19),
            ("Số liệu tính đến", "As of", "{{ area.as_of }}", 21),
            ("Cách tính", "Basis", "{{ area.basis }}", 30),
            ("Nguồn", "Source", "{{ area.refs }}", 21),
        ),
        "area in areas",
    )
    t.end_section(next_across=False)
    t.tag("endif")
    t.tag("if form")
    t.annex("form", "Biểu 04 về cụm công nghiệp", "Form 04 on industrial clusters")
    t.each("line in form.lead", "{{ line }}", "Report Body")
    t.table(
        (
            ("Số", "Item", "{{ row.number }}", 12),
            ("Chỉ tiêu", "Indicator", "{{ row.name }}", 60),
            ("Đơn vị", "Unit", "{{ row.unit }}", 15),
            ("Kỳ này", "This period", "{{ row.now }}", 26),
            ("Kỳ trước", "Period before", "{{ row.before }}", 26),
            ("Thay đổi", "Change", "{{ row.change }}", 26),
        ),
        "row in form.rows",
    )
    t.text(t.pick("Ô để trống: chưa có số liệu.", "Blank cells: no data."), "Report Note")
    t.each("line in form.blanks", "- {{ line }}")
    t.each("line in form.caveats", "- {{ line }}")
    t.end_section(next_across=False)
    t.tag("endif")
    t.annex("sources", "Nguồn số liệu", "Sources")
    t.each("line in sources", "{{ line }}", "Report Note")


def main(folder: Path = FOLDER) -> None:
    """Write both templates."""
    for lang in ("vi", "en"):
        path = folder / f"template_{lang}.docx"
        path.write_bytes(make_template(lang))
        print(path)


if __name__ == "__main__":
    main()
