"""Notes that the application itself writes beside figures, in words of the language.

Frames and files keep the words of a note alone, in English as the notes of the fact tables are;
here those of our own are known again by their form.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

from layers.words import mark

if TYPE_CHECKING:
    from layers.words import Words

# An earlier one goes before a later one that would fit too.
NOTES: Final = (
    mark("scenario: added, not a fact"),
    mark("scenario: drawn, not surveyed"),
    mark("scenario: {note}"),
    mark("scenario (assumed)"),
    mark("of an added area"),
    mark("as of {date} ({sources}), carried to the scenario's day"),
    mark("{land} ha and {more} ha more"),
    mark("{note}: {value} % of {land} ha"),
    mark("set"),
    mark("no date"),
    mark("the day that the scenario is looked at"),
    mark("entered by hand on {date}"),
    mark("measured from the outline"),
    mark("{count} plots of {land} ha"),
    mark("{share} % of the total area of {land} ha"),
    mark("{share} % of the stated leasable land"),
    mark("a part of the area, so at least this"),
    mark("the area's land is unknown"),
    mark("plots dated {first} to {last}"),
    mark("{land} ha of unknown status"),
    mark("{count} plots without an area"),
    mark("areas of {count} plots as stated, the others measured"),
    mark("{count} plots measure over {share} more or less than stated"),
    mark("sources {sources}"),
    mark("sum of {count} leases in force"),
    mark("{count} of them without an area"),
    mark("listed by the gazetteer under this earlier or other name"),
)
_SUM: Final = re.compile(r"[\d.]+( ha| ?%)?( ([-+x/]) [\d.]+( ha| ?%)?)*")
# What may be filled in with a text; the others take a number.
_TEXTS: Final = ("note", "date", "first", "last", "sources")
_DAY: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)")


@functools.cache
def _forms() -> tuple[tuple[re.Pattern[str], str], ...]:
    def hole(found: re.Match[str]) -> str:
        return rf"(?P<{found[1]}>{'.+' if found[1] in _TEXTS else r'[0-9.]+%?'})"

    return tuple(
        (re.compile(re.sub(r"\\{(\w+)\\}", hole, re.escape(note)), re.DOTALL), note)
        for note in NOTES
    )


def own_note(note: str, w: Words) -> str | None:
    """Say a note of our own in words of the language; None for one of the fact tables.

    Examples
    --------
    >>> from layers.words import words
    >>> own_note("scenario: 262.07 ha and 20 ha more", words("vi"))
    'kịch bản: 262,07 ha và thêm 20 ha'
    >>> own_note("as printed in the annex", words("vi"))
    """
    first, *others = note.split("; ")
    begun = None if others and _SUM.fullmatch(first) else _part(first, w)
    # What a user adds to a note of ours stays as it is.
    return begun and "; ".join([begun, *(_part(part, w) or part for part in others)])


def _part(text: str, w: Words) -> str | None:
    if w.lang == "en":
        return text
    if _SUM.fullmatch(text):
        return text.replace(".", ",").replace(" x ", " \u00d7 ")
    if day := _DAY.fullmatch(text):
        return f"{day[3]}/{day[2]}/{day[1]}"
    for form, note in _forms():
        if found := form.fullmatch(text):
            values = {key: _part(value, w) or value for key, value in found.groupdict().items()}
            return w(note, **values)
    return None
