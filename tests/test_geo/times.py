"""Timelines of the real provinces, each made once."""

from collections.abc import Callable

from geo.history import Timeline, timeline
from geo.snapshot import Province

_TIMES: dict[str, Timeline] = {}


def times_of(loaded: Callable[[str], Province], key: str) -> Timeline:
    if key not in _TIMES:
        _TIMES[key] = timeline(loaded(key))
    return _TIMES[key]
