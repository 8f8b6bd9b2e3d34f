"""A Word file with fields of docxtpl being written: its styles, pages, paragraphs and tables.

The layout is that of Nghị định 30/2020/NĐ-CP, Phụ lục I, by the rules DOC-... of
`legal_rules.csv`.
"""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING, Any, Final

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from layers.report.packing import packed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.document import Document as Doc
    from docx.section import Section
    from docx.text.paragraph import Paragraph

FONT: Final = "Times New Roman"
BODY, TABLE, SMALL = 13, 10, 11  # points
TOP, BOTTOM, LEFT, RIGHT = 20, 20, 30, 15  # millimetres
SHORT, LONG = 210, 297


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
        table = self.grid(1 + 3, len(columns))
        widen(table, [wide for *_, wide in columns])
        for place, (vi, en, cell, _) in enumerate(columns):
            self._fill(table.rows[0].cells[place], self.pick(vi, en), "Report Cell Head")
            self._fill(table.rows[2].cells[place], cell, style)
        self._fill(table.rows[1].cells[0], f"{{%tr for {loop} %}}", style)
        self._fill(table.rows[3].cells[0], "{%tr endfor %}", style)
        properties = table.rows[0]._tr.get_or_add_trPr()  # noqa: SLF001
        properties.append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
        whole = table.rows[2]._tr.get_or_add_trPr()  # noqa: SLF001
        whole.append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))

    def grid(self, high: int, wide: int, style: str | None = "Table Grid") -> Any:  # noqa: ANN401
        """Add a table of so many rows and columns; without lines where `style` is None."""
        table = self.doc.add_table(rows=high, cols=wide, style=style)
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        return table

    def _fill(self, cell: Any, text: str, style: str) -> None:  # noqa: ANN401
        cell.paragraphs[0].text = text
        cell.paragraphs[0].style = self.doc.styles[style]

    def comparison(self) -> None:
        """Add the table whose columns are the places that are compared."""
        table = self.grid(4, 4)
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
        widen(table, (62, 62, 62, 62))
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
        add_run(number, f"{label} {{{{ annex.{key} }}}}", BODY, bold=True)
        name = self.text("", "Report Middle")
        add_run(name, self.pick(vi, en).upper(), BODY, bold=True)

    def lines(self, cell: Any, lines: Sequence[tuple[str, int, bool]]) -> None:  # noqa: ANN401
        """Fill a cell with lines in the middle: text, points, whether bold."""
        for number, (text, size, bold) in enumerate(lines):
            line = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
            line.style = self.doc.styles["Report Middle"]
            line.paragraph_format.space_after = Pt(0)
            add_run(line, text, size, bold=bold)

    def save(self) -> bytes:
        """Give the file; the same each time."""
        about = self.doc.core_properties
        about.title, about.author, about.comments = "", "", ""
        about.language = self.lang
        about.created = about.modified = dt.datetime(2026, 1, 1)  # noqa: DTZ001 (Word has no zone)
        out = io.BytesIO()
        self.doc.save(out)
        return packed(out.getvalue())


def widen(table: Any, widths: Sequence[float]) -> None:  # noqa: ANN401
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


def add_run(line: Paragraph, text: str, size: int, *, bold: bool = False) -> Any:  # noqa: ANN401
    """Add text of so many points to a paragraph."""
    run = line.add_run(text)
    run.font.size, run.font.bold = Pt(size), bold
    return run
