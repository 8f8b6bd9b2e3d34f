"""Form 04 of Thông tư 14/2024/TT-BCT in words and as a workbook: see :mod:`geo.form04`."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING, Any, Final

from data.dates import printed_date
from geo.form04 import UNITS, change, form04
from layers._records import record, records
from layers.numbers import day, exact
from layers.policy.reasons import area_names, lacking_text
from layers.sources import source_date
from layers.spreadsheet import neutral, open_workbook
from layers.words import BASIS_CODE, STATUS, mark, words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from data._message import Lang
    from geo.form04 import Filled, Form04, Item, Period
    from geo.snapshot import Province
    from layers.words import Words

CUT_OFF_RULE, DUE_RULE, ITEM_RULE = "CCN-REPORT-CUTOFF", "CCN-REPORT-DUE", "CCN-REPORT-FILL"
ITEMS: Final = {
    17: mark("Industrial land of operating clusters, by the detailed plan"),
    18: mark("Of it: land leased"),
    19: mark("Average fill rate of operating clusters"),
}


def period_text(period: Period, w: Words) -> str:
    """Write a period."""
    days = {"first": day(period.first), "last": day(period.cut_off)}
    if period.half:
        return w("half-year report, {first} - {last}", **days)
    return w("year report, {first} - {last}", **days)


def known_text(item: Item, w: Words) -> str:
    """Say how much of a blank cell is known, and the dates of what is."""
    text = w("known of {known} of {all} operating clusters", known=item.known, all=item.of)
    if item.value is None and item.known_part is not None:
        part = f"{exact(item.known_part, w.lang)} {UNITS[item.number]}"
        text += "; " + w("known part {value}", value=part)
    oldest, newest = printed_date(item.oldest), printed_date(item.newest)
    if newest:
        text += "; " + w(
            "as of {dates}", dates=newest if oldest == newest else f"{oldest}-{newest}"
        )
    return text


def blank_texts(form: Form04, w: Words) -> list[str]:
    """List the blank cells of both periods, each with the clusters that lack the figure."""
    found = []
    for filled in (form.now, form.before):
        alike: dict[tuple[tuple[str, ...], str], list[int]] = {}
        for item in filled.items:
            if item.value is None:
                alike.setdefault((item.missing, known_text(item, w)), []).append(item.number)
        lacking = " ".join(lacking_text(one, w) for one in filled.lacking)
        found += [
            w(
                "Item {numbers}, {period}: {known}. Without a figure: {names}. {lacking}",
                numbers=", ".join(map(str, numbers)),
                period=period_text(filled.period, w),
                known=known,
                names=area_names(missing, filled.state, w) or w("none"),
                lacking=lacking,
            ).strip()
            for (missing, known), numbers in alike.items()
        ]
    return found


def caveat_texts(form: Form04, w: Words) -> list[str]:
    """Say what of the form isn't verified, with what the tables know of its text."""
    rules = form.now.state.facts.legal_rules
    item, cut_off, due = (record(rules, key) for key in (ITEM_RULE, CUT_OFF_RULE, DUE_RULE))
    document = f"{item['legal_basis']}, {item['article']}"
    return [
        w(
            "Not verified: the wording of items 17 to 19 was read from a secondary source, not "
            "from the original text of the form ({document}): “{text}”.",
            document=document,
            text=w.pick(item["rule_vi"], item["rule_en"]),
        ),
        w(
            "The other items of the form are left out: their numbers and wording aren't known "
            "here. The layout is our own.",
        ),
        w(
            "Cut-off dates ({article}, from a secondary source): {text}. Deadlines: {due}.",
            article=f"{cut_off['legal_basis']}, {cut_off['article']}",
            text=w.pick(cut_off["rule_vi"], cut_off["rule_en"]),
            due=w.pick(due["rule_vi"], due["rule_en"]),
        ),
        w(
            "Land leased may include land of projects with an approved or registered "
            "investment, as Decree 32/2024 counts it; the list of clusters names the basis of "
            "each figure. Figures older than the period are as old as their dates say.",
        ),
    ]


def cluster_rows(filled: Filled, w: Words) -> list[dict[str, Any]]:
    """List the operating clusters behind the form: land, dates, basis and sources; None unknown."""
    found, areas = [], records(filled.state.areas)
    for key in filled.clusters:
        state, area = filled.state.states[key], areas[key]
        pair = state.occupancy
        figures = [one for one in (pair.leasable, pair.leased, pair.rate) if one is not None]
        dates = [printed_date(one.as_of) or w("undated") for one in figures]
        found.append(
            {
                "id": key,
                "name": w.pick(area["name_vi"], area["name_en"]),
                "status": w.of(STATUS, state.status),
                "leasable": pair.leasable.value if pair.leasable else None,
                "leased": pair.leased.value if pair.leased else None,
                "rate": pair.rate.value if pair.rate else None,
                "dates": "; ".join(dict.fromkeys(dates)),
                "basis": "; ".join(
                    dict.fromkeys(w.of(BASIS_CODE, one.basis) for one in figures if one.basis),
                ),
                "sources": tuple(dict.fromkeys(key for one in figures for key in one.sources)),
            },
        )
    return found


def form04_xlsx(province: Province, as_of: dt.date, *, lang: Lang) -> bytes:
    """Write the form as an XLSX file: the form, the clusters behind it, the sources.

    Parameters
    ----------
    province
        From :func:`geo.snapshot.load_province`.
    as_of
        A day on or after the cut-off.
    lang
        "vi" or "en".
    """
    w = words(lang)
    form = form04(province, as_of)
    out = io.BytesIO()
    with open_workbook(out) as book:
        cut_off = form.now.period.cut_off
        made = dt.datetime(cut_off.year, cut_off.month, cut_off.day, tzinfo=dt.UTC)
        book.set_properties({"title": title_text(w), "created": made})
        styles = {
            "title": book.add_format({"bold": True, "font_size": 14}),
            "head": book.add_format(
                {"bold": True, "text_wrap": True, "border": 1, "bg_color": "#e6eaee"},
            ),
            "text": book.add_format({"text_wrap": True, "valign": "top", "border": 1}),
            "number": book.add_format({"num_format": "#,##0.00", "valign": "top", "border": 1}),
            "bold": book.add_format({"bold": True}),
            "plain": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        _form_sheet(book.add_worksheet(w("Form 04")), form, styles, w)
        for filled, name in ((form.now, w("Clusters")), (form.before, w("Clusters, before"))):
            _cluster_sheet(book.add_worksheet(name), filled, styles, w)
        _source_sheet(book.add_worksheet(w("Sources")), form, styles, w)
    return out.getvalue()


def title_text(w: Words) -> str:
    """Name the form."""
    return w("Form 04 on industrial clusters (Circular 14/2024/TT-BCT): items 17 to 19")


def _page(sheet: Any) -> None:  # noqa: ANN401
    """Print a sheet on A4 across, as wide as the page."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _form_sheet(sheet: Any, form: Form04, styles: Mapping[str, Any], w: Words) -> None:  # noqa: ANN401
    _page(sheet)
    sheet.set_row(3, 30)
    for column, width in enumerate((8, 46, 8, 18, 18, 12, 48)):
        sheet.set_column(column, column, width)
    total = form.now.state.total
    sheet.write_string(0, 0, title_text(w), styles["title"])
    name = w.pick(str(total["name_vi"]), str(total["name_en"]))
    sheet.write_string(1, 0, neutral(f"{name}; {period_text(form.now.period, w)}"))
    heads = (
        w("Item"),
        w("Indicator"),
        w("Unit"),
        w("This period, at {date}", date=day(form.now.period.cut_off)),
        w("Period before, at {date}", date=day(form.before.period.cut_off)),
        w("Change"),
        w("What it rests on"),
    )
    for column, head in enumerate(heads):
        sheet.write_string(3, column, head, styles["head"])
    for row, (now, before) in enumerate(
        zip(form.now.items, form.before.items, strict=True),
        start=4,
    ):
        sheet.write_number(row, 0, now.number, styles["text"])
        sheet.write_string(row, 1, w(ITEMS[now.number]), styles["text"])
        sheet.write_string(row, 2, UNITS[now.number], styles["text"])
        for column, value in enumerate((now.value, before.value, change(now, before)), start=3):
            _number(sheet, row, column, value, styles["number"])
        sheet.write_string(row, 6, neutral(known_text(now, w)), styles["text"])
        sheet.set_row(row, 32)
    row = 8
    sheet.write_string(row, 0, w("Blank cells: no data"), styles["bold"])
    for heading, texts in (
        (None, blank_texts(form, w) or [w("none")]),
        (w("Not verified, and how to read it"), caveat_texts(form, w)),
    ):
        if heading:
            row += 1
            sheet.write_string(row, 0, heading, styles["bold"])
        for text in texts:
            row += 1
            sheet.merge_range(row, 0, row, 6, "", styles["plain"])
            sheet.write_string(row, 0, neutral(text), styles["plain"])
            sheet.set_row(row, 15 * (1 + len(text) // 150))
        row += 1


def _number(sheet: Any, row: int, column: int, value: float | None, style: Any) -> None:  # noqa: ANN401
    if value is None:
        sheet.write_blank(row, column, None, style)
    else:
        sheet.write_number(row, column, round(value, 6), style)


def _cluster_sheet(sheet: Any, filled: Filled, styles: Mapping[str, Any], w: Words) -> None:  # noqa: ANN401
    heads = (
        (w("Cluster"), 44),
        (w("Status"), 16),
        (w("Industrial land (ha)"), 16),
        (w("Leased (ha)"), 14),
        (w("Fill rate (%)"), 14),
        (w("As of"), 20),
        (w("Basis"), 24),
        (w("Sources"), 30),
    )
    _page(sheet)
    sheet.freeze_panes(1, 1)
    for column, (head, width) in enumerate(heads):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, head, styles["head"])
    for row, line in enumerate(cluster_rows(filled, w), start=1):
        sheet.write_string(row, 0, neutral(line["name"]), styles["text"])
        sheet.write_string(row, 1, neutral(line["status"]), styles["text"])
        for column, field in enumerate(("leasable", "leased", "rate"), start=2):
            _number(sheet, row, column, line[field], styles["number"])
        texts = (line["dates"], line["basis"], "; ".join(line["sources"]))
        for column, text in enumerate(texts, start=5):
            sheet.write_string(row, column, neutral(text), styles["text"])


def _source_sheet(sheet: Any, form: Form04, styles: Mapping[str, Any], w: Words) -> None:  # noqa: ANN401
    _page(sheet)
    table = form.now.state.facts.sources
    used = dict.fromkeys(
        key
        for filled in (form.now, form.before)
        for line in cluster_rows(filled, w)
        for key in line["sources"]
    )
    used |= dict.fromkeys(
        str(one["source"]) for filled in (form.now, form.before) for one in filled.lacking
    )
    heads = ((w("Id"), 14), (w("Title"), 60), (w("Publisher"), 32), (w("Date"), 14), ("URL", 60))
    for column, (head, width) in enumerate(heads):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, head, styles["head"])
    rows = [
        (key, row["title"], row["publisher"], source_date(str(row["date"])), row["url"])
        for key, row in ((key, table.loc[key]) for key in used if key in table.index)
    ]
    rules = form.now.state.facts.legal_rules
    rows += [
        (
            key,
            f"{rule['legal_basis']}, {rule['article']}",
            rule["status_in_2026"],
            "",
            rule["source_url"],
        )
        for key, rule in ((key, rules.loc[key]) for key in (ITEM_RULE, CUT_OFF_RULE, DUE_RULE))
    ]
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate(row):
            sheet.write_string(number, column, neutral(str(text)), styles["text"])
