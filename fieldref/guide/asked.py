"""By which words people ask for a need: its name, its examples, and what else it is called in the street."""

from functools import cache

from babel.support import NullTranslations, Translations

from fieldref.folders import folder
from fieldref.languages import SOURCE, language
from fieldref.vocabulary import N_, Need

# Translators: words that people may type to find this need, with commas between; any number, in everyday language.
ALSO = {
    "regulatory": N_("visa, passport, registration, refugee, documents"),
    "income": N_("employment, wage, earn"),
    "safety_net": N_("bank card, pay, poor"),
    "shelter": N_("sleep, room, house, hostel, roof, night"),
    "food": N_("hungry, eat, bread, kitchen, milk"),
    "health_physical": N_("hospital, clinic, ill, sick, pain, tooth, pregnant, birth, rape"),
    "health_mental": N_("sad, afraid, psychologist, nightmares"),
    "wash": N_("thirsty, soap, wash"),
    "non_food_items": N_("coat, cold, nappies"),
    "education": N_("learn, lessons, teacher, university"),
    "rights_information": N_("law, rights"),
    "practical_information": N_("internet, phone, bus, map"),
    "family": N_("mother, father, brother, sister, child, husband, wife, lost"),
    "society": N_("translate, friends, language"),
    "natural": N_("farm, trees, weather, flood, drought"),
}


def words(need: Need, code: str) -> tuple[str, str]:
    """Return what *need* is called in the language *code*, and all other words it is asked for by."""
    catalog = _catalog(code)
    also = catalog.gettext(ALSO[need.code])
    known = also if code == SOURCE.code or also != ALSO[need.code] else ""
    return catalog.gettext(need.name), f"{catalog.gettext(need.examples)}, {known}"


@cache
def _catalog(code: str) -> NullTranslations:
    return Translations.load(folder("translations"), [language(code).locale])
