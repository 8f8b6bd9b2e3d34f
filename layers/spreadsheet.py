"""Workbooks of a spreadsheet program that hold text as text and numbers as numbers.

What comes from data may begin like a formula or a link, and a program that opens the file, or
the CSV that somebody saves from it, would run it. XlsxWriter is told to take no text for
anything else, and :func:`neutral` puts an apostrophe before such a beginning, as the CSV
exports do.
"""

from __future__ import annotations

from pathlib import Path
from typing import IO, Final

import xlsxwriter

# Full-width forms are formulas to a spreadsheet in an East Asian locale.
_LONE_SIGNS: Final = ("=", "~", ">", "<")  # how exact a figure is; a sign alone is no formula
_FORMULA_STARTS: Final = tuple("=+-@\t\r\n|\uff1d\uff0b\uff0d\uff20")
# A cell holds no more; XlsxWriter would leave a longer one out without a word.
_LONGEST: Final = 32_767
_CUT: Final = "…"


def neutral(text: str) -> str:
    r"""Make a text harmless for a cell: no formula, no control characters, not too long.

    Parameters
    ----------
    text
        Anything; spaces before a formula don't hide it.

    Returns
    -------
    str
        With an apostrophe in front where it begins like a formula, cut with "…" at the 32 767
        characters that a cell holds. Line ends and tabs within stay, and so does a lone "=".

    Examples
    --------
    >>> neutral("=HYPERLINK(1)"), neutral(" @SUM(1)"), neutral("VSIP 2"), neutral("a\x00b")
    ("'=HYPERLINK(1)", "' @SUM(1)", 'VSIP 2', 'a\ufffdb')
    >>> neutral("="), neutral("==")
    ('=', "'==")
    """
    if text in _LONE_SIGNS:
        return text
    # What XML can't hold, lone halves of surrogate pairs among them, makes the file unreadable.
    clean = "".join(char if _writable(char) else "\ufffd" for char in text)
    if clean.startswith(_FORMULA_STARTS) or clean.lstrip().startswith(_FORMULA_STARTS):
        clean = f"'{clean}"
    return clean if len(clean) <= _LONGEST else clean[: _LONGEST - 1] + _CUT


def _writable(char: str) -> bool:
    code = ord(char)
    return (
        char in "\t\n\r"
        or 0x20 <= code < 0x7F  # noqa: PLR2004 (the ranges of XML 1.0, production 2)
        or 0xA0 <= code < 0xD800  # noqa: PLR2004
        or 0xE000 <= code < 0xFFFE  # noqa: PLR2004
        or code >= 0x1_0000  # noqa: PLR2004
    )


def open_workbook(path_or_buffer: Path | str | IO[bytes]) -> xlsxwriter.Workbook:
    """Open a new workbook in which no text becomes a formula, a link or a number.

    Parameters
    ----------
    path_or_buffer
        Where `close` writes the workbook. It is built in memory, so that nothing half-written
        stands there.
    """
    target = str(path_or_buffer) if isinstance(path_or_buffer, Path) else path_or_buffer
    return xlsxwriter.Workbook(
        target,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": False,
            "remove_timezone": True,
        },
    )
