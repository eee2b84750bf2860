"""The columns of a directory's tables as a workbook has them: what each is for, and what may be chosen in it."""

from collections.abc import Iterable
from dataclasses import dataclass

from fieldref.guide.codes import ACCESS, ASSURERS, COSTS, DOCUMENTS, ELIGIBILITY, NATIONALITIES, SERVICE_STATUSES
from fieldref.guide.route import NOTES
from fieldref.guide.translations import TRANSLATED
from fieldref.languages import LANGUAGES, SOURCE
from fieldref.vocabulary import NEEDS, STEPS, Term


@dataclass(frozen=True)
class Heading:
    """One column: its name in HSDS or ours, what to write in it, and how wide it is (in letters).

    `choices` are the codes that may stand there, each with its meaning; with `several`, more than one with
    semicolons between. `of` names the table whose ids are meant. `telephone` columns hold figures that no
    spreadsheet may take for a number.
    """

    name: str
    words: str
    width: int = 18
    choices: tuple[tuple[str, str], ...] = ()
    several: bool = False
    of: str = ""
    telephone: bool = False


def _codes(terms: Iterable[Term]) -> tuple[tuple[str, str], ...]:
    return tuple((term.code, term.name) for term in terms)


YES_OR_NO = (("yes", "Yes"), ("no", "No"))
SPOKEN = tuple((language.code, language.english) for language in LANGUAGES)
FIELDS = tuple(dict.fromkeys((field, "") for fields in TRANSLATED.values() for field in sorted(fields)))
ID = "Small letters, figures, dots and dashes. It stands in records: never give it to another"

HEADINGS: dict[str, tuple[Heading, ...]] = {
    "services": (
        Heading("id", f"{ID} service.", 26),
        Heading("organization_id", "Whose service it is: an id of the sheet organizations.", 22, of="organizations"),
        Heading("name", "What it is called, in English. Other languages: the sheet texts.", 30),
        Heading("description", "What people get there, in one or two plain sentences of English.", 50),
        Heading("status", "Is it offered?", 16, _codes(SERVICE_STATUSES)),
        Heading("needs", "What it answers. Without one, people find it only by searching.", 26, _codes(NEEDS), True),
        Heading("eligibility", "For whom. Empty: everyone.", 20, _codes(ELIGIBILITY), True),
        Heading("nationality", "Empty, any, some, or countries like SY;AF.", 14, _codes(NATIONALITIES), True),
        Heading("access", "How one gets in.", 18, _codes(ACCESS), True),
        Heading("documents", "The papers one needs.", 16, _codes(DOCUMENTS)),
        Heading("cost", "What it costs.", 10, _codes(COSTS)),
        Heading("languages", "What is spoken there.", 18, SPOKEN, True),
        Heading(
            "confidential", "yes for shelters: the phone is shown, the place never. Leave places out.", 13, YES_OR_NO
        ),
        Heading("alert", "One sentence that people must know before they go, or nothing.", 30),
        Heading("assured_date", "When it was last verified, like 2026-11-20.", 14),
        Heading("assurer", "How it was verified.", 12, _codes(ASSURERS)),
        Heading("valid_from", "When it begins, if it has not yet.", 12),
        Heading("valid_to", "When it ends, if that is known.", 12),
    ),
    "phones": (
        Heading("id", "Any name that no other phone has.", 26),
        Heading("service_id", "Whose phone it is: an id of the sheet services.", 26, of="services"),
        Heading("number", "With the country in front, like +44 1632 960200.", 22, telephone=True),
        Heading("type", "voice, cell or text.", 10, (("voice", "A phone"), ("cell", "A mobile"), ("text", "Messages"))),
        Heading("description", "Whom to ask for.", 30),
    ),
    "schedules": (
        Heading("id", "Any name that no other row has.", 26),
        Heading("service_id", "Whose hours: an id of the sheet services.", 26, of="services"),
        Heading("opening_hours", "Like Mo-Fr 09:00-12:00,14:00-17:00; Sa off. Empty: not known.", 40),
        Heading("description", "What cannot be said so, in a few words.", 40),
    ),
    "organizations": (
        Heading("id", f"{ID} organization.", 26),
        Heading("name", "What it is called.", 30),
        Heading("description", "For you; it is not shown.", 50),
    ),
    "locations": (
        Heading("id", f"{ID} place.", 26),
        Heading("name", "What people there call the place.", 30),
        Heading("location_type", "physical", 12),
        Heading("latitude", "In degrees, like 36.50243. Of a shelter: leave the whole row out.", 12),
        Heading("longitude", "In degrees, like 15.00257.", 12),
        Heading("transportation", "The way there, in plain words.", 50),
    ),
    "addresses": (
        Heading("id", "Any name that no other row has.", 26),
        Heading("location_id", "Of which place: an id of the sheet locations.", 26, of="locations"),
        Heading("address_1", "Street and number.", 30),
        Heading("city", "Town.", 20),
        Heading("country", "Two letters, like GR.", 10),
        Heading("address_type", "physical", 12),
    ),
    "service_at_locations": (
        Heading("id", "Any name that no other row has.", 26),
        Heading("service_id", "Which service: an id of the sheet services.", 26, of="services"),
        Heading("location_id", "Is where: an id of the sheet locations.", 26, of="locations"),
    ),
    "route": (
        Heading("id", f"{ID} safe-point.", 26),
        Heading("name", "What the next safe-point is called. A public place, never a shelter.", 30),
        Heading("latitude", "In degrees.", 12),
        Heading("longitude", "In degrees.", 12),
        Heading("country", "Two letters, like GR.", 10),
        Heading("needs", "What it helps with.", 26, _codes(NEEDS), True),
        Heading("step", "Where on the journey people are there.", 14, _codes(STEPS)),
        Heading("languages", "What is spoken there.", 18, SPOKEN, True),
        Heading("phone", "With the country in front.", 22, telephone=True),
        Heading("checked", "When somebody last asked, like 2026-11-20.", 14),
        Heading("notes", "What else.", 18, _codes(NOTES), True),
    ),
    "texts": (
        Heading("table", "Which sheet is translated.", 16, tuple((name, "") for name in sorted(TRANSLATED))),
        Heading("id", "Which row of it: its id.", 26),
        Heading("language", "Into which language.", 10, tuple(each for each in SPOKEN if each[0] != SOURCE.code)),
        Heading("field", "Which column of that row.", 16, FIELDS),
        Heading("text", "The words.", 60),
    ),
}
