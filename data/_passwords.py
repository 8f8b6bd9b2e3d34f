"""Addresses of databases, and what is said about them, without their passwords."""

from __future__ import annotations

import re

# A drive, C:/, has one letter.
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")
# To the last @ of the line: who forgets to write one in a password as %40 isn't to be shown it.
# Not in the pattern that messages give, postgresql://user:password@host.
_IN_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+:/+[^\s/:@]*:)(?!password@host).+@")
_NAMED = re.compile(r"(?i)(\b\w*password\s*=\s*)('(?:[^'\\]|\\.)*'|[^\s&']+)")
HIDDEN = "***"


def is_address(text: str) -> bool:
    """Tell an address such as "postgresql://host/database" from the path of a file."""
    return _ADDRESS.match(text) is not None


def without_passwords(text: str) -> str:
    """Hide passwords of addresses and of libpq's "password=..." in what is to be shown.

    Examples
    --------
    >>> without_passwords("postgresql://reader:a@b/c@db.example/land: no such file")
    'postgresql://reader:***@db.example/land: no such file'
    >>> without_passwords("host=db.example password='a b' user=reader")
    'host=db.example password=*** user=reader'
    """
    return _NAMED.sub(rf"\g<1>{HIDDEN}", _IN_ADDRESS.sub(rf"\g<1>{HIDDEN}@", text))
