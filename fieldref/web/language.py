"""Which language a phone asks for: RFC 4647 lookup over the Accept-Language header.

Werkzeug's best_match prefers an exact match whatever its weight, so a Bengali phone (bn-BD, en;q=0.5) gets
English; and nobody's alias table knows that fa-AF is read as Dari. Hence these lines.
"""

import re
from collections.abc import Collection

from babel.core import get_global

from fieldref.languages import SOURCE

RANGE = re.compile(r"^\s*([A-Za-z*]{1,8}(?:[-_][A-Za-z0-9]{1,8})*)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?))?\s*$")
LONGEST = 400  # bytes of a header that are read; no phone sends more


def _aliases() -> dict[str, str]:
    known = {old.lower().replace("_", "-"): new.lower().replace("_", "-")
             for old, new in get_global("language_aliases").items()}  # fmt: skip
    # A phone set to Kurdish without more is Kurmanji; in Arabic letters it is Sorani; Dari is Afghanistan's Persian.
    return known | {"ku": "kmr", "ku-arab": "ckb", "fa-af": "prs", "prs": "fa-af", "zh-hans": "zh", "tir": "ti"}


ALIASES = _aliases()


def negotiate(header: str, available: Collection[str], default: str = SOURCE.code) -> str:
    """Return the code of *available* that suits *header* best, or *default*.

    Each wanted tag is tried whole, then shortened from its end; at each length as it stands, then by its alias,
    which is shortened as well (prs-AF -> fa-AF -> fa). A weight of 0 and malformed parts are passed over.
    """
    for tag in _wanted(header):
        parts = tag.split("-")
        for length in range(len(parts), 0, -1):
            for candidate in _with_alias("-".join(parts[:length])):
                if candidate in available:
                    return candidate
    return default


def _with_alias(tag: str) -> list[str]:
    alias = ALIASES.get(tag, "")
    parts = alias.split("-") if alias else []
    return [tag, *("-".join(parts[:length]) for length in range(len(parts), 0, -1))]


def _wanted(header: str) -> list[str]:
    weighted = []
    for position, part in enumerate(header[:LONGEST].split(",")):
        match = RANGE.match(part)
        if match and match[1] != "*" and (weight := float(match[2] or 1)) > 0:
            weighted.append((-weight, position, match[1].lower().replace("_", "-")))
    return [tag for _, _, tag in sorted(weighted)]
