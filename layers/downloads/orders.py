"""What can be taken away: files of the data, the package, maps, reports and the statutory form."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal, get_args

from layers.downloads.jobs import Order
from layers.exchange.about import scenario_texts
from layers.exchange.package import package_bytes
from layers.exchange.write import export_bytes, make_bundle, suffix_of
from layers.form04 import form04_xlsx
from layers.map_files.page import map_html
from layers.map_files.sheet import map_pdf, map_png
from layers.report.write import (
    comparison_report,
    province_report,
    scenario_report,
    zone_report,
)

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from data._message import Lang
    from data.scenarios import Scenario
    from geo.comparison import Comparison
    from geo.snapshot import Province, Snapshot
    from layers.exchange.bundle import Bundle, Numbers, OnStep
    from layers.exchange.write import Form

MapForm = Literal["png", "pdf", "html"]
MAP_FORMS: Final[tuple[MapForm, ...]] = get_args(MapForm)


@dataclass(frozen=True)
class View:
    """What is taken away: a province on a date, as it is or as a scenario has it.

    Attributes
    ----------
    key
        What it all rests on; equal keys mean equal data.
    province, state
        With the facts of the scenario where there is one.
    """

    key: Hashable
    province: Province
    state: Snapshot
    scenario: Scenario | None = None

    @property
    def stem(self) -> str:
        """What the names of files begin with: nghe-an_2026-06-30."""
        stem = f"{self.state.resolution.province}_{self.state.as_of.isoformat()}"
        return f"{stem}_{self.scenario.id}" if self.scenario else stem


def data_bundle(
    view: View,
    *,
    keys: Sequence[str],
    crs: str,
    lang: Lang,
    numbers: Numbers | None = None,
) -> Bundle:
    """Put layers together; those of a scenario say that they are assumed."""
    subject = remark = ""
    if view.scenario is not None:
        subject, remark = scenario_texts(view.province, view.scenario, lang)
    return make_bundle(
        view.province,
        view.state,
        keys=keys,
        crs=crs,
        lang=lang,
        numbers=numbers,
        subject=subject,
        remark=remark,
    )


def data_order(view: View, bundle: Bundle, form: Form) -> Order:
    """Order layers in a format."""

    def make(on_step: OnStep) -> bytes:
        return export_bytes(replace(bundle, on_step=on_step), form)

    asked = (form, bundle.keys, bundle.about.crs, bundle.lang, bundle.numbers)
    layers = "_".join(bundle.keys)
    return Order(
        ("data", view.key, asked),
        f"{view.stem}_{layers}{suffix_of(form, bundle.keys)}",
        make,
    )


def package_order(view: View) -> Order:
    """Order the whole data package."""

    def make(on_step: OnStep) -> bytes:
        return package_bytes(view.province, view.state, on_step=on_step)

    return Order(("package", view.key), f"{view.stem}.zip", make)


def map_order(
    view: View,
    form: MapForm,
    *,
    lang: Lang,
    shown: frozenset[str],
    chosen: tuple[str, str],
) -> Order:
    """Order a map: a sheet of the whole province, or a page that opens as the map page stands."""

    def make(on_step: OnStep) -> bytes:
        on_step("map", 0, 1)
        if form == "html":
            page = map_html(view.province, view.state, lang=lang, shown=shown, chosen=chosen)
            return page.encode()
        draw = map_png if form == "png" else map_pdf
        return draw(view.province, view.state, lang=lang)

    asked = (form, lang, *((shown, chosen) if form == "html" else ()))
    return Order(("map", view.key, asked), f"{view.stem}_map.{form}", make)


def form04_order(view: View, *, lang: Lang) -> Order:
    """Order Form 04 on clusters."""

    def make(on_step: OnStep) -> bytes:
        on_step("form04", 0, 1)
        return form04_xlsx(view.province, view.state.as_of, lang=lang)

    return Order(("form04", view.key, lang), f"{view.stem}_form04.xlsx", make)


def report_order(view: View, base: View, *, zone: str = "", lang: Lang) -> Order:
    """Order the report of a province, of one of its zones, or of a scenario.

    Parameters
    ----------
    view, base
        What the report is of, and the present; the same where it isn't of a scenario.
    zone
        Key of a zone of the present, or nothing.
    """

    def make(on_step: OnStep) -> bytes:
        on_step("report", 0, 1)
        if view.scenario is not None:
            return scenario_report(base.province, view.scenario, base.state, view.state, lang=lang)
        if zone:
            return zone_report(view.province, view.state, zone, lang=lang)
        return province_report(view.province, view.state, lang=lang)

    name = "_".join(part for part in (view.stem, zone, "report") if part)
    return Order(("report", view.key, zone, lang), f"{name}.docx", make)


def comparison_order(comparison: Comparison, key: Hashable, *, lang: Lang) -> Order:
    """Order the report of a comparison.

    Parameters
    ----------
    key
        What the comparison rests on.
    """

    def make(on_step: OnStep) -> bytes:
        on_step("report", 0, 1)
        return comparison_report(comparison, lang=lang)

    name = f"comparison_{comparison.as_of.isoformat()}_report.docx"
    return Order(("comparison", key, lang), name, make)
