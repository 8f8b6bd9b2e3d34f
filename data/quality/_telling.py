"""How a finding is told: its template with words, dates and numbers of each language.

The templates are filled by the name of each parameter: `metric...` is a word, `date...` a
printed date, `basis...` a basis, `value...` a number; everything else is shown as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from data._metric_words import METRIC_WORDS, UNIT_WORDS
from data.dates import printed_date
from data.quality._texts import EXPECTED, TEXTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from data._message import Lang

Param = str | float | int


class Told(TypedDict):
    """What a finding says and what its rule expects."""

    message_vi: str
    message_en: str
    expected_vi: str
    expected_en: str


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
    return printed_date(printed) or UNDATED[lang == "en"]


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
