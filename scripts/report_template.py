"""Makes the two Word templates of the report: ``python -m scripts.report_template``.

The templates are ordinary Word files with fields of docxtpl (``{{ ... }}``, ``{%tr ... %}``), so
an office may open them in Word or LibreOffice and change wording, order, fonts and its own name;
this script lays down the first version. Layout: Nghị định 30/2020/NĐ-CP, Phụ lục I, by the rules
DOC-... of `legal_rules.csv`.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.document import Document as Doc
    from docx.section import Section
    from docx.text.paragraph import Paragraph

FOLDER: Final = Path(__file__).resolve().parent.parent / "layers" / "report"
FONT: Final = "Times New Roman"
BODY, TABLE, SMALL = 13, 10, 11  # points
TOP, BOTTOM, LEFT, RIGHT = 20, 20, 30, 15  # millimetres
SHORT, LONG = 210, 297
_RULE: Final = "─"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


class Template:
    """A template being written in one language."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.doc: Doc = Document()
        self._styles()
        self._page(self.doc.sections[0], across=False, first=True)

    def pick(self, vi: str, en: str) -> str:
        """Give the text in the language of the template."""
        return vi if self.lang == "vi" else en

    # -- looks -------------------------------------------------------------------------------

    def _styles(self) -> None:
        styles = self.doc.styles
        normal: Any = styles["Normal"]
        _font(normal, BODY)
        form = normal.paragraph_format
        form.space_after, form.space_before = Pt(6), Pt(0)
        form.line_spacing_rule = WD_LINE_SPACING.SINGLE
        for name, size in (("Heading 1", BODY), ("Heading 2", BODY)):
            style: Any = styles[name]
            _font(style, size, bold=True)
            style.paragraph_format.space_before = Pt(8)
            style.paragraph_format.space_after = Pt(6)
            style.paragraph_format.keep_with_next = True
        self._number_headings()
        body = self._style("Report Body", BODY)
        body.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        body.paragraph_format.first_line_indent = Mm(12.7)
        item = self._style("Report Item", BODY)
        item.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        item.paragraph_format.left_indent = Mm(6)
        item.paragraph_format.first_line_indent = Mm(-4)
        item.paragraph_format.space_before = item.paragraph_format.space_after = Pt(3)
        cell = self._style("Report Cell", TABLE)
        cell.paragraph_format.space_after = Pt(0)
        head = self._style("Report Cell Head", TABLE, bold=True)
        head.paragraph_format.space_after = Pt(0)
        head.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
        caption = self._style("Report Caption", BODY - 1, italic=True)
        caption.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
        caption.paragraph_format.keep_with_next = True
        self._style("Report Note", SMALL).paragraph_format.space_before = Pt(3)
        middle = self._style("Report Middle", BODY)
        middle.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER

    def _style(self, name: str, size: int, *, bold: bool = False, italic: bool = False) -> Any:  # noqa: ANN401
        style: Any = self.doc.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = self.doc.styles["Normal"]
        _font(style, size, bold=bold, italic=italic)
        return style

    def _number_headings(self) -> None:
        """Give the headings numbers: I., II. and below them 1., 2."""
        numbering: Any = self.doc.part.numbering_part.element
        levels = "".join(
            f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
            f'<w:pStyle w:val="{style}"/><w:suff w:val="space"/><w:lvlText w:val="{text}"/>'
            '<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="0" w:firstLine="0"/></w:pPr></w:lvl>'
            for level, form, style, text in (
                (0, "upperRoman", "Heading1", "%1."),
                (1, "decimal", "Heading2", "%2."),
            )
        )
        abstract = parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">'
            f'<w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>',
        )
        numbering.insert(0, abstract)
        numbering.append(
            parse_xml(
                f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>',
            ),
        )
        for level, name in enumerate(("Heading 1", "Heading 2")):
            properties = self.doc.styles[name].element.get_or_add_pPr()
            number = properties.get_or_add_numPr()
            number.get_or_add_ilvl().val = level
            number.get_or_add_numId().val = 90

    def _page(self, section: Section, *, across: bool, first: bool) -> None:
        section.orientation = WD_ORIENT.LANDSCAPE if across else WD_ORIENT.PORTRAIT
        wide, high = (LONG, SHORT) if across else (SHORT, LONG)
        section.page_width, section.page_height = Mm(wide), Mm(high)
        section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
        section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
        section.header_distance = section.footer_distance = Mm(10)
        # Numbers in the middle of the upper margin; none on the first page of the report.
        section.different_first_page_header_footer = first
        section.header.is_linked_to_previous = False
        line = section.header.paragraphs[0]
        line.style = self.doc.styles["Report Middle"]
        run = line.add_run()
        for text in ("begin", "PAGE", "end"):
            if text == "PAGE":
                mark = parse_xml(
                    f'<w:instrText {nsdecls("w")} xml:space="preserve"> PAGE </w:instrText>',
                )
            else:
                mark = parse_xml(f'<w:fldChar {nsdecls("w")} w:fldCharType="{text}"/>')
            run._r.append(mark)  # noqa: SLF001 (python-docx has no fields)
        if not first:
            layout: Any = section._sectPr  # noqa: SLF001 (python-docx has no page numbers)
            for old in layout.findall(qn("w:pgNumType")):
                layout.remove(old)
            numbers = parse_xml(f'<w:pgNumType {nsdecls("w")} w:start="1"/>')
            layout.find(qn("w:pgMar")).addnext(numbers)

    # -- parts -------------------------------------------------------------------------------

    def text(self, text: str, style: str = "Report Body") -> Paragraph:
        """Add a paragraph."""
        return self.doc.add_paragraph(text, style=style)

    def picture(self, name: str) -> None:
        """Add a picture that stays with the line below it."""
        line = self.text(f"{{{{ {name} }}}}", "Report Middle")
        line.paragraph_format.keep_with_next = True

    def tag(self, tag: str) -> None:
        """Add a paragraph that only steers what is shown; it leaves no trace."""
        self.doc.add_paragraph(f"{{%p {tag} %}}")

    def heading(self, vi: str, en: str, level: int = 1) -> None:
        """Add a numbered heading."""
        self.doc.add_paragraph(self.pick(vi, en), style=f"Heading {level}")

    def each(self, loop: str, text: str, style: str = "Report Item") -> None:
        """Add a paragraph for each of some values."""
        self.tag(f"for {loop}")
        self.text(text, style)
        self.tag("endfor")

    def table(
        self,
        columns: Sequence[tuple[str, str, str, float]],
        loop: str,
        *,
        style: str = "Report Cell",
    ) -> None:
        """Add a table: columns of a heading in both languages, a cell and a width in mm."""
        table = self._grid(1 + 3, len(columns))
        _widen(table, [wide for *_, wide in columns])
        for place, (vi, en, cell, _) in enumerate(columns):
            self._fill(table.rows[0].cells[place], self.pick(vi, en), "Report Cell Head")
            self._fill(table.rows[2].cells[place], cell, style)
        self._fill(table.rows[1].cells[0], f"{{%tr for {loop} %}}", style)
        self._fill(table.rows[3].cells[0], "{%tr endfor %}", style)
        properties = table.rows[0]._tr.get_or_add_trPr()  # noqa: SLF001
        properties.append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
        whole = table.rows[2]._tr.get_or_add_trPr()  # noqa: SLF001
        whole.append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))

    def _grid(self, high: int, wide: int, style: str | None = "Table Grid") -> Any:  # noqa: ANN401
        table = self.doc.add_table(rows=high, cols=wide, style=style)
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        return table

    def _fill(self, cell: Any, text: str, style: str) -> None:  # noqa: ANN401
        cell.paragraphs[0].text = text
        cell.paragraphs[0].style = self.doc.styles[style]

    def comparison(self) -> None:
        """Add the table whose columns are the places that are compared."""
        table = self._grid(4, 4)
        texts = (
            (0, self.pick("Tiêu chí", "Criterion"), "{%tc for place in places %}", "{{ place }}"),
            (2, "{{ row.name }}", "{%tc for cell in row.cells %}", "{{ cell }}"),
        )
        for row, first, loop, cell in texts:
            style = "Report Cell Head" if row == 0 else "Report Cell"
            for place, text in enumerate((first, loop, cell, "{%tc endfor %}")):
                self._fill(table.rows[row].cells[place], text, style)
        self._fill(table.rows[1].cells[0], "{%tr for row in section.rows %}", "Report Cell")
        self._fill(table.rows[3].cells[0], "{%tr endfor %}", "Report Cell")
        properties = table.rows[0]._tr.get_or_add_trPr()  # noqa: SLF001
        properties.append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
        _widen(table, (62, 62, 62, 62))
        # As many places as are compared share the width.
        table.autofit = True
        for cell in (cell for row in table.rows for cell in row.cells):
            width = cell._tc.get_or_add_tcPr().get_or_add_tcW()  # noqa: SLF001
            width.set(qn("w:type"), "auto")
            width.set(qn("w:w"), "0")

    def end_section(self, *, next_across: bool) -> None:
        """End a section; the next one begins a page and numbers its pages from 1."""
        section = self.doc.add_section(WD_SECTION.NEW_PAGE)
        self._page(section, across=next_across, first=False)
        # The paragraph that ends a section takes no room.
        last = self.doc.paragraphs[-1]
        last.style = self.doc.styles["Report Cell"]
        last.paragraph_format.line_spacing = Pt(1)

    def annex(self, key: str, vi: str, en: str) -> None:
        """Head an annex."""
        label = self.pick("Phụ lục", "Annex")
        number = self.text("", "Report Middle")
        _run(number, f"{label} {{{{ annex.{key} }}}}", BODY, bold=True)
        name = self.text("", "Report Middle")
        _run(name, self.pick(vi, en).upper(), BODY, bold=True)

    # -- the report --------------------------------------------------------------------------

    def letterhead(self) -> None:
        """Write the head: issuer and number left, state and motto, place and date right."""
        table = self._grid(2, 2, None)
        _widen(table, (67, 98))
        left, right = table.rows[0].cells
        lines: Sequence[tuple[str, int, bool]] = (
            (self.pick("[TÊN CƠ QUAN CHỦ QUẢN]", "[SUPERIOR AGENCY]"), 12, False),
            (self.pick("[TÊN CƠ QUAN BAN HÀNH]", "[ISSUING AGENCY]"), 12, True),
            (_RULE * 8, 8, True),
        )
        self._lines(left, lines)
        lines = (
            (
                self.pick(
                    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
                    "SOCIALIST REPUBLIC OF VIET NAM",
                ),
                12,
                True,
            ),
            (
                self.pick("Độc lập - Tự do - Hạnh phúc", "Independence - Freedom - Happiness"),
                13,
                True,
            ),
        )
        self._lines(right, lines)
        # A rule as long as the motto: an underline of the paragraph would be longer.
        right.paragraphs[-1].runs[0].underline = True
        left, right = table.rows[1].cells
        self._lines(
            left, ((self.pick("Số: ......../BC-........", "No.: ......../BC-........"), 13, False),)
        )
        when = self.pick(
            "............, ngày ...... tháng ...... năm ..........",
            "............, ...... / ...... / ..........",
        )
        self._lines(right, ((when, 13, False),))
        right.paragraphs[0].runs[0].italic = True

    def _lines(self, cell: Any, lines: Sequence[tuple[str, int, bool]]) -> None:  # noqa: ANN401
        for number, (text, size, bold) in enumerate(lines):
            line = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
            line.style = self.doc.styles["Report Middle"]
            line.paragraph_format.space_after = Pt(0)
            _run(line, text, size, bold=bold)

    def title(self) -> None:
        """Write the kind of document and its subject."""
        line = self.text("", "Report Middle")
        line.paragraph_format.space_before = Pt(14)
        line.paragraph_format.space_after = Pt(0)
        _run(line, self.pick("BÁO CÁO", "REPORT"), BODY, bold=True)
        line = self.text("", "Report Middle")
        line.paragraph_format.space_after = Pt(0)
        _run(line, "{{ subject }}", BODY, bold=True)
        _run(self.text("", "Report Middle"), _RULE * 10, 8, bold=False)

    def signature(self) -> None:
        """Leave room for recipients and the signer."""
        table = self._grid(1, 2, None)
        left, right = table.rows[0].cells
        _widen(table, (80, 85))
        table.rows[0]._tr.get_or_add_trPr().append(  # noqa: SLF001
            parse_xml(f"<w:cantSplit {nsdecls('w')}/>"),
        )
        line = left.paragraphs[0]
        line.style = self.doc.styles["Report Note"]
        _run(line, self.pick("Nơi nhận:", "Recipients:"), 12, bold=True).italic = True
        for text in (
            "- ........................;",
            self.pick("- Lưu: VT, ........", "- File: ........"),
        ):
            more = left.add_paragraph(style="Report Note")
            more.paragraph_format.space_after = Pt(0)
            _run(more, text, 11)
        self._lines(
            right,
            (
                (
                    self.pick(
                        "[QUYỀN HẠN, CHỨC VỤ CỦA NGƯỜI KÝ]", "[AUTHORITY, POSITION OF THE SIGNER]"
                    ),
                    14,
                    True,
                ),
                ("", 14, False),
                ("", 14, False),
                ("", 14, False),
                (self.pick("[Họ và tên]", "[Full name]"), 14, True),
            ),
        )

    def save(self) -> bytes:
        """Give the file; the same each time."""
        about = self.doc.core_properties
        about.title, about.author, about.comments = "", "", ""
        about.language = self.lang
        about.created = about.modified = dt.datetime(2026, 1, 1)  # noqa: DTZ001 (Word has no zone)
        out = io.BytesIO()
        self.doc.save(out)
        return fixed_zip(out.getvalue())


def _widen(table: Any, widths: Sequence[float]) -> None:  # noqa: ANN401
    """Set the widths of columns, in millimetres; Word goes by cells, LibreOffice by the grid."""
    for place, wide in enumerate(widths):
        table.columns[place].width = Mm(wide)
        for row in table.rows:
            row.cells[place].width = Mm(wide)


def _font(style: Any, size: int, *, bold: bool = False, italic: bool = False) -> None:  # noqa: ANN401
    style.font.name, style.font.size = FONT, Pt(size)
    style.font.bold, style.font.italic = bold, italic
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), FONT)
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)


def _run(line: Paragraph, text: str, size: int, *, bold: bool = False) -> Any:  # noqa: ANN401
    run = line.add_run(text)
    run.font.size, run.font.bold = Pt(size), bold
    return run


def fixed_zip(content: bytes) -> bytes:
    """Pack a file of Word again without the times of packing."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return out.getvalue()


def make_template(lang: str) -> bytes:
    """Make the template of one language ("vi" or "en")."""
    t = Template(lang)
    t.letterhead()
    t.title()
    t.each("line in lead", "{{ line }}", "Report Body")
    _scope(t)
    _scenario(t)
    _account(t)
    _places(t)
    _policy(t)
    _quality(t)
    t.signature()
    _annexes(t)
    return t.save()


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
