"""One condition of the law as a small tree: its rules, how they are joined, and each verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from geo.verdicts import AND
from layers.numbers import exact
from layers.policy.gauge import Measured, bar_html, headline, standing_html, verdict_html
from layers.policy.reasons import FACT, TERRITORY, missing_texts, reason_texts
from layers.policy.targets import areas_html
from layers.policy.verdicts import TARGET_UNIT, listed_range_text, listed_verdict_text
from layers.safe_html import Html, element, join, link
from layers.words import mark

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geo.snapshot import Snapshot
    from geo.verdicts import Formula
    from layers.words import Words

    Row = Mapping[str, Any]

# Up to so many reasons stand open; more are one click away.
_OPEN_REASONS: Final = 2
_VERIFIED: Final = {
    "clause": mark("the clause was read in Vietnamese"),
    "translation": mark("the clause was read in translation"),
    "secondary": mark("known from summaries alone"),
    "no": mark("not verified"),
    "repealed": mark("no longer in force; shown for comparison"),
}
# How the tables write the place of a clause, in either language.
_IN_VIETNAMESE: Final = {
    "(clause number inferred)": "(số điều, khoản do suy ra)",
    "as amended": "(đã được sửa đổi)",
}
_IN_ENGLISH: Final = {
    "Nghị định": "Decree",
    "Thông tư": "Circular",
    "Luật": "Law",
    "Điều": "Article",
    "khoản": "clause",
    "điểm": "point",
}
# Its rule says when phases are needed, not what is allowed: no sign before the threshold.
_NO_SIGN: Final = {"park_phases"}
_CHANGES: Final = {"cluster_small_change", "park_small_change", "park_larger_change"}


def condition_html(
    rows: Sequence[Row],
    shot: Snapshot,
    w: Words,
    *,
    changed: Mapping[str, float],
) -> Html:
    """Write a condition.

    Parameters
    ----------
    rows
        Its rows of :func:`geo.conditions.conditions`: the rules, and last the whole where there
        are several.
    changed
        Thresholds that the user set, by rule.
    """
    whole, rules = rows[-1], {row["rule_id"]: row for row in rows if row["rule_id"]}
    title = w.pick(whole["condition_vi"], whole["condition_en"])
    place = _place(whole, w)
    heading = element("h4", title, element("small", f" - {place}") if place else "")
    # A condition of one rule has its verdict and its standing there.
    several = whole["formula"] is not None
    standing = standing_html(whole["standing"], w) if several else ""
    answer = _answer(whole, w) if several else ""
    head = element(
        "div",
        element("div", heading, standing, class_="what"),
        element("div", answer, class_="answer"),
        class_="head",
    )
    body = _node(whole["formula"] or whole["rule_id"], rules, shot, w, changed=changed)
    past = " past" if whole["standing"] == "repealed" else ""
    return element("div", head, body, class_=f"target condition{past}")


def _answer(row: Row, w: Words) -> Html:
    """Write the verdict, and that by the clusters in the tables alone where it differs."""
    listed = listed_verdict_text(row, w)
    return join([verdict_html(row["verdict"], w), element("small", listed) if listed else Html()])


def _place(row: Row, w: Words) -> str:
    if row["territory"] is None:
        return ""
    if row["territory"] == "province":
        return w("Whole province")
    return f"{row['place_vi']} ({w.of(TERRITORY, row['territory'])})"


def _node(
    formula: Formula,
    rules: Mapping[str, Row],
    shot: Snapshot,
    w: Words,
    *,
    changed: Mapping[str, float],
) -> Html:
    if isinstance(formula, str):
        if formula in rules:
            return _rule_html(rules[formula], shot, w, changed=changed)
        return _fact_html(formula, w)
    head, *parts = formula
    word = w("all of these") if head == AND else w("one of these is enough")
    children = [element("li", _node(part, rules, shot, w, changed=changed)) for part in parts]
    return element(
        "div",
        element("span", word, class_="join"),
        element("ul", *children),
        class_="branch and" if head == AND else "branch or",
    )


def _fact_html(fact: str, w: Words) -> Html:
    text = w.of(FACT, fact)
    return element(
        "div",
        element(
            "div",
            element("span", text[:1].upper() + text[1:]),
            element("small", w("The tables have no data on this."), class_="note"),
            class_="what",
        ),
        element("div", class_="measure"),
        element("div", verdict_html("cannot_tell", w), class_="answer"),
        class_="row",
    )


def _rule_html(row: Row, shot: Snapshot, w: Words, *, changed: Mapping[str, float]) -> Html:
    what = element(
        "div",
        element("span", _sentence(w.pick(row["text_vi"], row["text_en"]))),
        element("small", _law(row, w), class_="note"),
        class_="what",
    )
    return join(
        [
            element(
                "div",
                what,
                element("div", *_measure(row, w, changed=changed), class_="measure"),
                element("div", _answer(row, w), class_="answer"),
                class_="row",
            ),
            _why(row, shot, w),
        ],
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _law(row: Row, w: Words) -> Html:
    """Write where the rule stands, how it was read, and whether it is law."""
    written = ", ".join(part for part in (row["document"], row["article"]) if part)
    for found, put in (_IN_ENGLISH if w.lang == "en" else _IN_VIETNAMESE).items():
        written = written.replace(found, put)
    hint = str(row["legal_status"]) if w.lang == "en" else ""
    return join(
        [
            element("span", link(row["url"] or "", written), title=hint or None),
            " · ",
            standing_html(row["standing"], w),
            f" · {w.of(_VERIFIED, row['verified'])}",
        ],
    )


def _measure(row: Row, w: Words, *, changed: Mapping[str, float]) -> list[Html]:
    found: list[Html] = []
    codes = {reason["code"] for reason in row["reasons"]}
    if row["condition"] in _CHANGES and "change_not_given" in codes:
        asked = w("change of area not given")
        found.append(element("b", asked, class_="value"))
    elif row["unit"]:
        measured = Measured(
            value=row["measured"],
            low=row["min"],
            high=row["max"],
            unit=row["unit"],
            operator="" if row["condition"] in _NO_SIGN else row["operator"] or "",
            threshold=row["threshold"],
        )
        value, remark = headline(measured, known_areas=row["coverage_known"], w=w)
        if row["measured_2"] is not None:
            value += f", {exact(row['measured_2'], w.lang)} {w.of(TARGET_UNIT, row['unit_2'])}"
        found += [
            element("b", value, class_="value"),
            element("small", f" {remark}") if remark else Html(),
            bar_html(measured, w.of(TARGET_UNIT, row["unit"]), w),
        ]
        if listed := listed_range_text(row, w):
            found.append(element("small", listed, class_="note"))
    if row["threshold_2"] is not None and "change_not_given" not in codes:
        second = f"{exact(row['threshold_2'], w.lang)} {w.of(TARGET_UNIT, row['threshold_2_unit'])}"
        found.append(element("small", w("and at most {value}", value=second), class_="note"))
    if row["coverage_all"] and row["coverage_all"] > 1:
        text = w(
            "figures known: {known} of {all} areas",
            known=row["coverage_known"],
            all=row["coverage_all"],
        )
        found.append(element("small", text, class_="note"))
    if row["room_ha"] is not None:
        room = w("room for at most {area} ha", area=exact(row["room_ha"], w.lang))
        found.append(element("small", room, class_="note"))
    if row["rule_id"] in changed:
        found.append(element("small", w("threshold changed by the user"), class_="note"))
    return found


def _why(row: Row, shot: Snapshot, w: Words) -> Html:
    reasons = [element("li", text) for text in reason_texts(row["reasons"], shot, w)]
    rated = row["areas"] if row["coverage_land_pct"] is not None or row["unit"] == "%" else ()
    missing = [
        element("li", element("b", f"{what}: "), names)
        for what, names in missing_texts(row["reasons"], rated, shot, w)
        if what != w("not in the tables")
    ]
    several = len(row["areas"]) > 1
    parts: list[Html] = []
    if reasons:
        parts.append(element("ul", *reasons))
    if missing and several:
        parts += [element("h5", w("Figures that would settle it")), element("ul", *missing)]
    if several:
        parts.append(element("h5", w("Areas behind the number ({count})", count=len(row["areas"]))))
        parts.append(areas_html(row["areas"], "fill_rate_pct", shot, w))
    if not parts:
        return Html()
    if len(reasons) <= _OPEN_REASONS and not several:
        return element("div", *parts, class_="why")
    summary = element("summary", w("Why, what is missing, which areas"))
    return element("details", summary, element("div", *parts, class_="why"))
