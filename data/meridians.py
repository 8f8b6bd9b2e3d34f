"""Which VN-2000 zone a province of old is mapped in, by the EPSG register.

Each province has a central meridian of its own for land maps (3-degree Transverse Mercator). The
register that comes with PROJ names for each such system the provinces that used it, those of
before July 2025. What provinces that were merged since use isn't in it.
"""

from __future__ import annotations

import re
from functools import cache

from pyproj.database import query_crs_info

from data.units.spelling import plain, squeeze, unit_word

_ZONE = re.compile(r"VN-2000 / TM-3 (\d{3})-(\d{2})")
# The register calls three of the systems by number; these are their central meridians.
_NUMBERED = {"5896": 102.0, "5897": 105.0, "5898": 108.0}
_NAMES = re.compile(r"^Vietnam - |[.,;]| and | provinces?| cit(?:y|ies)| municipality")
_CALLED = {"thuathienhue": "hue"}


@cache
def meridians() -> dict[str, float]:
    """Central meridian of each VN-2000 TM-3 system, in degrees, by its code.

    Examples
    --------
    >>> meridians()["EPSG:9208"]
    104.75
    """
    found = {}
    for info in query_crs_info("EPSG"):
        if info.name.startswith("VN-2000 / TM-3"):
            named = _ZONE.fullmatch(info.name)
            degrees = int(named[1]) + int(named[2]) / 60 if named else _NUMBERED.get(info.code)
            if degrees is not None:
                found[f"EPSG:{info.code}"] = degrees
    return found


@cache
def _registered() -> dict[str, str]:
    """By plain name of an old province: the code of its system."""
    found = {}
    for info in query_crs_info("EPSG"):
        code = f"EPSG:{info.code}"
        used_in = (info.area_of_use and info.area_of_use.name) or ""
        if code in meridians() and "°" not in used_in:
            for part in _NAMES.split(used_in):
                name = squeeze(plain(part))
                found[_CALLED.get(name, name)] = code
    return found


def registered_system(province: str) -> str | None:
    """Code of the system that the register gives for a province of before July 2025.

    Parameters
    ----------
    province
        Full name, "Tỉnh Nghệ An".

    Examples
    --------
    >>> registered_system("Tỉnh Nghệ An"), registered_system("Thành phố Huế")
    ('EPSG:9208', 'EPSG:9214')
    """
    words = plain(province).split()
    return _registered().get(squeeze("".join(words[unit_word(words)[1] :])))
