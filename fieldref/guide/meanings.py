"""What the words and codes of other people's directories mean here; what is not in these tables is not guessed."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation

from fieldref.languages import LANGUAGES

# Headings of classifications (Open Eligibility, 211) and plain words that mean one of the fifteen needs.
NEEDS: dict[str, str] = {
    "cash assistance": "safety_net",
    "clothes": "non_food_items",
    "clothing": "non_food_items",
    "counseling": "health_mental",
    "counselling": "health_mental",
    "drinking water": "wash",
    "education": "education",
    "emergency food": "food",
    "emergency shelter": "shelter",
    "employment": "income",
    "family reunification": "family",
    "family tracing": "family",
    "financial assistance": "safety_net",
    "food": "food",
    "goods": "non_food_items",
    "health": "health_physical",
    "health care": "health_physical",
    "housing": "shelter",
    "hygiene": "wash",
    "immigration": "regulatory",
    "information": "practical_information",
    "interpretation": "society",
    "language classes": "education",
    "legal": "rights_information",
    "legal aid": "rights_information",
    "meals": "food",
    "medical care": "health_physical",
    "mental health": "health_mental",
    "mental health care": "health_mental",
    "money": "safety_net",
    "sanitation": "wash",
    "shelter": "shelter",
    "showers": "wash",
    "work": "income",
}
# ISO 639 in three letters, and where a tag with a region means another language of ours.
LANGUAGE_CODES: dict[str, str] = {
    "amh": "am", "ara": "ar", "ben": "bn", "bur": "my", "mya": "my", "eng": "en", "fas": "fa", "per": "fa",
    "fa-af": "prs", "fra": "fr", "fre": "fr", "hat": "ht", "ku": "kmr", "kur": "kmr", "orm": "om", "pus": "ps",
    "som": "so", "spa": "es", "tir": "ti", "tur": "tr", "urd": "ur",
}  # fmt: skip
LANGUAGE_NAMES = {name.casefold(): each.code for each in LANGUAGES for name in (each.english, each.own_name)} | {
    "farsi": "fa",
    "dari": "prs",
    "kurdish": "kmr",
    "creole": "ht",
}
FREE = re.compile(
    r"(it is |always |completely )?(free|free of charge|no (charge|cost|fee|fees)|none|0)[.!]?", re.IGNORECASE
)


def need(words: str) -> str:
    """The need that a term of a classification means, or nothing."""
    return NEEDS.get(words.strip().casefold(), "")


def language(code: str, name: str) -> str:
    """The code of a language here, by its code elsewhere or its name; its own code where we do not have it."""
    tag = code.strip().casefold().replace("_", "-")
    known = {each.code for each in LANGUAGES}
    for candidate in (LANGUAGE_CODES.get(tag, tag), LANGUAGE_CODES.get(tag.split("-")[0], tag.split("-")[0])):
        if candidate in known:
            return candidate
    return LANGUAGE_NAMES.get(name.strip().casefold(), "") or tag or "-".join(name.split()).casefold()


def cost(described: str, amounts: Iterable[str]) -> str:
    """free, partly (for some) or paid, from the words for it and the prices; nothing where that is not clear."""
    prices = {price for price in map(_price, amounts)}
    if prices and None not in prices:
        return "free" if prices == {Decimal(0)} else "partly" if Decimal(0) in prices else "paid"
    return "free" if not prices and FREE.fullmatch(described.strip()) else ""


def ages(row: Mapping[str, str]) -> str:
    """For whom a service is by age: children, older_people, or conditions that must be asked."""
    youngest, oldest = (_price(row.get(column, "")) for column in ("minimum_age", "maximum_age"))
    # Everyone is at least nobody's age, and few are over a hundred.
    if (youngest or 0) == 0 and (oldest is None or oldest >= 99):
        return ""
    if oldest is not None and oldest < 18:
        return "children"
    return "older_people" if (youngest or 0) >= 60 else "conditions"


def _price(words: str) -> Decimal | None:
    try:
        found = Decimal(words.strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() else None
