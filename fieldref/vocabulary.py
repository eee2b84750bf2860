"""The codes that records are made of, and their words.

Codes are stable and are all that is ever stored; the words are for the interface and are translated.
Needs and journey steps follow the IFRC study "Smart practices that enhance resilience of migrants" (2016,
figures 2 and 4); priorities and ways the IASC inter-agency referral form; age bands UNHCR's.
"""

from dataclasses import dataclass
from datetime import timedelta


def N_(words: str) -> str:
    """Mark *words* for extraction to translations/ and return them as they are."""
    return words


@dataclass(frozen=True)
class Term:
    """One code and what it is called in the source language; `name` is short enough for a tile."""

    code: str
    name: str


@dataclass(frozen=True)
class Need(Term):
    """One of the fifteen needs: `dimension` of the study, and examples a visitor recognises."""

    dimension: str
    examples: str


@dataclass(frozen=True)
class Section(Term):
    """One part of the guide: a folder of pages, an address, a colour and a pictogram, all of the same name."""

    examples: str


SECTIONS = (
    Section("services", N_("Services"), N_("Food, bed, water, doctor")),
    Section("rights", N_("Rights"), N_("Asylum, papers, police")),
    Section("risks", N_("Risks"), N_("Sea, cold, people who cheat")),
    Section("journey", N_("Your journey"), N_("What matters at each step")),
    Section("yourself", N_("Yourself"), N_("Sleep, grief, fear, your child")),
)

UNSAID = Term("unsaid", N_("Not said"))
OTHER = Term("other", N_("Other"))

NEEDS = (
    Need("regulatory", N_("Papers"), "regulatory", N_("Asylum, permits, detention")),
    Need("income", N_("Work"), "financial", N_("Jobs, skills, small grants")),
    Need("safety_net", N_("Money"), "financial", N_("Cash help, savings")),
    Need("shelter", N_("Shelter"), "physical", N_("A bed tonight, housing")),
    Need("food", N_("Food"), "physical", N_("Meals, food parcels")),
    Need("health_physical", N_("Health"), "physical", N_("Doctor, first aid, medicine")),
    Need("health_mental", N_("Mind"), "physical", N_("Fear, sleep, grief, stress")),
    Need("wash", N_("Water"), "physical", N_("Drinking water, showers, toilets")),
    Need("non_food_items", N_("Clothes"), "physical", N_("Clothes, shoes, blankets")),
    Need("education", N_("School"), "human", N_("Language courses, schooling, training")),
    Need("rights_information", N_("Advice"), "human", N_("A lawyer, advice on your rights")),
    Need("practical_information", N_("Info"), "human", N_("Wi-Fi, charging, the way, what is where")),
    Need("family", N_("Family"), "social", N_("Call them, find them, be together")),
    Need("society", N_("People"), "social", N_("Interpreters, meeting people")),
    Need("natural", N_("Land"), "natural", N_("Land, water, climate")),
)

STEPS = (
    Term("first_steps", N_("Before you leave")),
    Term("border", N_("Crossing a border")),
    Term("camp", N_("In a camp")),
    Term("arrival", N_("Just arrived")),
    Term("long_term", N_("Staying longer")),
    Term("return", N_("Going back")),
)

PRIORITIES = (
    Term("normal", N_("2 weeks")),
    Term("urgent", N_("72 hours")),
    Term("emergency", N_("24 hours")),
)
FOLLOW_UP = {
    "normal": timedelta(days=14),
    "urgent": timedelta(days=3),
    "emergency": timedelta(days=1),
    "unsaid": timedelta(days=14),
}
WAYS = (
    Term("slip", N_("Slip")),
    Term("phoned", N_("We phone")),
    Term("accompanied", N_("We go along")),
)
SEXES = (
    Term("female", N_("Female")),
    Term("male", N_("Male")),
    Term("other", N_("Other")),
)
AGE_BANDS = (
    Term("0-4", "0–4"),
    Term("5-11", "5–11"),
    Term("12-17", "12–17"),
    Term("18-59", "18–59"),
    Term("60+", "60+"),
)
TRAVELLING = (
    Term("alone", N_("Alone")),
    Term("family", N_("With family")),
    Term("group", N_("In a group")),
    Term("child_without_carer", N_("Child without a carer")),
)
DISABILITY = (
    Term("yes", N_("Yes")),
    Term("no", N_("No")),
)
CONSENT = (Term("yes", N_("Yes")),)

STATUSES = (
    Term("accepted", N_("Accepted")),
    Term("completed", N_("Help was given")),
    Term("declined_by_service", N_("Turned away by the service")),
    Term("declined_by_person", N_("The person said no")),
    Term("not_reached", N_("No contact with the person or the service")),
)
REASONS = (
    Term("capacity", N_("No place free")),
    Term("resources", N_("No means")),
    Term("documents", N_("Papers missing")),
    Term("area", N_("Wrong area")),
    Term("eligibility", N_("Not for this person")),
    Term("closed", N_("Closed")),
    Term("language", N_("No common language")),
    Term("cost", N_("Cost")),
    Term("other", N_("Other")),
)
# Of a service today, as it said by phone.
CAPACITIES = (
    Term("open", N_("Room today")),
    Term("limited", N_("Few places today")),
    Term("full", N_("Full today")),
)
WITHDRAWALS = (
    Term("mistake", N_("A mistake")),
    Term("twice", N_("Recorded twice")),
    Term("person_asked", N_("The person asked")),
)

# Of a page that was not useful. What visitors tell us is coded as well: nobody can leave a name by mistake.
DOUBTS = (
    Term("hard", N_("Too hard to understand")),
    Term("untrue", N_("Not true here")),
    Term("not_mine", N_("Not what I need")),
    Term("incomplete", N_("Something is missing")),
    OTHER,
)
# Why a manager kept one of several versions of a record, or none.
SETTLEMENTS = (
    Term("asked", N_("The safe-point was asked")),
    Term("copied", N_("A box was copied or restored")),
    Term("mistake", N_("A mistake")),
    Term("practice", N_("It was practice")),
    Term("forged", N_("Made to mislead")),
    OTHER,
)
USEFUL = (
    Term("yes", N_("Yes")),
    Term("no", N_("No")),
)


def codes(*terms: Term) -> frozenset[str]:
    """Return the codes of *terms*."""
    return frozenset(term.code for term in terms)


# Every coded column of a record and the codes it may hold; the register's schema and every check use this.
CODES: dict[str, frozenset[str]] = {
    "step": codes(*STEPS, UNSAID),
    "need": codes(*NEEDS, OTHER, UNSAID),
    "priority": codes(*PRIORITIES, UNSAID),
    "way": codes(*WAYS, UNSAID),
    "sex": codes(*SEXES, UNSAID),
    "age_band": codes(*AGE_BANDS, UNSAID),
    "travelling": codes(*TRAVELLING, UNSAID),
    "disability": codes(*DISABILITY, UNSAID),
    "consent": codes(*CONSENT, UNSAID),
    "status": codes(*STATUSES),
    "reason": codes(*REASONS, UNSAID),
    "withdrawal": codes(*WITHDRAWALS),
    "settlement": codes(*SETTLEMENTS),
    "useful": codes(*USEFUL),
    "doubt": codes(*DOUBTS, UNSAID),
    # What a phone says of itself is not read: with a language and a day it could point at one person.
    "device": codes(UNSAID),
}
