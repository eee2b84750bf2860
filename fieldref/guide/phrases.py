"""What other directories say in words where we have codes: one table, for every language they say it in.

Phrases of the Jordan services directory (UNHCR, 2014), English and Arabic. Any other phrase has no code.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from fieldref.guide.codes import ACCESS, DOCUMENTS, ELIGIBILITY, NATIONALITIES
from fieldref.vocabulary import codes

PHRASES: dict[str, dict[str, tuple[str, ...]]] = {
    "eligibility": {
        "Open to all": (),
        "Child at risk": ("children",),
        "Disability": ("disability",),
        "Older person at risk": ("older_people",),
        "Serious medical condition": ("medical",),
        "Single parent or caregiver": ("families",),
        "Specific Vulnerability Calculation/Scoring": ("conditions",),
        "Unaccompanied or separated child": ("children_alone",),
        "Woman at risk": ("women",),
        "إعاقة": ("disability",),
        "الطفل الغير المصحوب أو المنفصل (UASC)": ("children_alone",),
        "الوالد الوحيد أو مقدم الرعاية": ("families",),
        "امرأة في خطر": ("women",),
        "حالة صحية خطيرة": ("medical",),
        "حساب وتقدير مستوى الضعف المحدد": ("conditions",),
        "طفل في خطر": ("children",),
        "مسن في خطر": ("older_people",),
    },
    "nationality": {
        "No restriction": ("any",),
        "Jordanians only": ("JO",),
        "Syrians only": ("SY",),
    },
    "access": {
        "All the above": ("walk_in", "referral", "outreach"),  # the form listed these three above
        "Hotline and follow up home visit": ("phone", "outreach"),
        "Outreach": ("outreach",),
        "Outreach Information hotline": ("outreach", "phone"),
        "Referrals only": ("referral",),
        "Walk-in": ("walk_in",),
        "Walk-in & Outreach": ("walk_in", "outreach"),
    },
    "documents": {
        "Expired and Valid UNHCR ASC and MOI": ("registration",),
        "MOI card": ("registration",),
        "No Requirement": ("none",),
        "Orginal Proof of Syrian ID": ("any_identity",),
        "UNHCR ASC": ("registration",),
        "Valid UNHCR ASC and MOI card": ("registration",),
    },
}
CODES = {
    "eligibility": codes(*ELIGIBILITY),
    "nationality": codes(*NATIONALITIES),
    "access": codes(*ACCESS),
    "documents": codes(*DOCUMENTS),
}
# A condition that we have no code for is still one: with none at all, the service would be for everyone.
WHERE_UNCLEAR = {"eligibility": "conditions", "nationality": "some"}
COUNTRY = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True)
class Understood:
    """The codes of a cell, and the phrases in it that have none."""

    codes: tuple[str, ...]
    unclear: tuple[str, ...]


def understand(field: str, words: str) -> Understood:
    """Return what *words*, codes or phrases with semicolons between, mean in *field*."""
    found: list[str] = []
    unclear: list[str] = []
    for phrase in filter(None, (part.strip() for part in re.split("[;؛]", words))):
        if phrase in CODES[field] or (field == "nationality" and COUNTRY.fullmatch(phrase)):
            found.append(phrase)
        elif phrase in PHRASES[field]:
            found.extend(PHRASES[field][phrase])
        else:
            unclear.append(phrase)
            found.append(WHERE_UNCLEAR.get(field, ""))
    return Understood(_each_once(found), tuple(unclear))


def _each_once(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, codes)))
