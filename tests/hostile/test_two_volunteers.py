"""Two volunteers record at once, tap twice, reload, and the coordinator closes the shift in the middle of it.

Every referral, by the form or in the grid of a paper pad, and everybody turned away, was said to be recorded and is
at the branch exactly once, or was refused and is not there.
FIELDREF_REFERRALS says how many; `make soak` says 1,000.
"""

import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from datetime import date
from itertools import product

from fieldref.database import Database
from fieldref.exchange.bundle import close_shift
from fieldref.exchange.merge import merge_files
from fieldref.languages import LANGUAGES
from fieldref.register.codes import new_code, printed
from fieldref.vocabulary import AGE_BANDS, NEEDS, REASONS, SEXES

REFERRALS = int(os.environ.get("FIELDREF_REFERRALS", "200"))
CLOSINGS = 3
# What tells one referral from another, without any of it being a number: no two here are the same.
DIFFERENT = list(
    product(
        [language.code for language in LANGUAGES],
        [sex.code for sex in SEXES],
        [age_band.code for age_band in AGE_BANDS],
        ["alone", "family", "group"],
        ["slip", "phoned", "accompanied"],
        ["normal", "urgent"],
    )
)
TURNED_AWAY = list(product([need.code for need in NEEDS], [reason.code for reason in REASONS]))
ON_A_PAD = 3  # slips, at most, that are typed into one grid: of people of one language

Which = tuple[str, ...]


class Volunteer(threading.Thread):
    """Records its share. `said` is what came of each of it: recorded, refused, or unknown."""

    def __init__(self, door, pin: str, share: list[list[Which]], referral, seed: int) -> None:
        super().__init__()
        self.door, self.pin, self.share, self.referral = door, pin, share, referral
        self.chance = random.Random(seed)  # noqa: S311
        self.said: dict[Which, str] = {}
        self.statuses: Counter[int] = Counter()
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            cookie, token = "", ""
            for together in self.share:
                while not token:
                    cookie, token = self.door.sign_in(self.pin)
                what = self.record(together, cookie, token)
                self.said |= dict.fromkeys(together, what)
                if what == "refused":
                    token = ""  # the shift was closed: sign in to the next, and begin with the next person
        except BaseException as error:
            self.error = error

    def form_of(self, together: list[Which]) -> tuple[str, dict[str, str], str]:
        """Where it is sent, the form, and where one is led when it was recorded."""
        first = together[0]
        if len(first) == 2:
            need, reason = first
            away = self.referral(need=need) | {"reason": reason, "at": "tally"}
            return "/en/turned-away", away, "/tally#nothing"
        if len(together) == 1:
            person, sex, age_band, travelling, way, priority = first
            same = {"person": person, "who": f"{sex}/{age_band}", "travelling": travelling}
            return "/en/refer", self.referral(**same, way=way, priority=priority), "/slip"
        grid = {"once": self.referral()["once"], "day": date.today().isoformat(), "person": first[0]}
        for row, (_, sex, age_band, travelling, _, priority) in enumerate(together):
            slip = {"code": printed(new_code()), "need": "wash", "service": "drinking-water", "consent": "yes"}
            slip |= {"sex": sex, "age_band": age_band, "travelling": travelling, "priority": priority}
            grid |= {f"{name}-{row}": value for name, value in slip.items()}
        return "/en/pad/enter", grid, "/pad/enter"

    def record(self, together: list[Which], cookie: str, token: str) -> str:
        """Send the form once, twice at the same moment, or again after the answer, as hasty fingers do."""
        path, form, led_to = self.form_of(together)
        found: list[bool] = []

        def tap() -> None:
            answer = self.door.ask("POST", path, {"Cookie": cookie}, **form, token=token)
            self.statuses[answer.status] += 1
            found.append(answer.status == 303 and answer.location.endswith((led_to, "/now")))

        haste = self.chance.random()
        fingers = [threading.Thread(target=tap) for _ in range(2 if haste < 0.3 else 1)]
        for finger in fingers:
            finger.start()
        for finger in fingers:
            finger.join()
        if haste > 0.8:
            tap()
        if len(found) < len(fingers):
            return "unknown"
        return "recorded" if any(found) else "refused"


def fieldref(*words: str, passphrase: str, pin: str) -> None:
    around = os.environ | {"FIELDREF_PASSPHRASE": passphrase, "FIELDREF_PIN": pin}
    command = [sys.executable, "-c", "from fieldref.cli import main; main()", *words]
    subprocess.run(command, env=around, check=True, timeout=60, stdout=subprocess.DEVNULL)


def at_the_branch(db: Database) -> Counter[Which]:
    """How often each referral, and each turning away, is at the branch."""
    query = "SELECT language, sex, age_band, travelling, way, priority FROM referral"
    found = Counter(db.conn.execute(query).fetchall())
    found += Counter(db.conn.execute("SELECT need, reason FROM turned_away").fetchall())
    assert db.table("quarantine").count == 0
    return found


def forms_of(chance: random.Random) -> list[list[Which]]:
    """What is recorded, form by form: one referral, the few of a pad, or somebody turned away."""
    away: list[Which] = chance.sample(TURNED_AWAY, min(REFERRALS // 5, len(TURNED_AWAY)))
    forms, pads = [[each] for each in away], defaultdict(list)
    for each in chance.sample(DIFFERENT, REFERRALS):
        if "slip" in each:
            pads[each[0]].append(each)
        else:
            forms.append([each])
    for slips in pads.values():
        forms += [slips[start : start + ON_A_PAD] for start in range(0, len(slips), ON_A_PAD)]
    chance.shuffle(forms)
    return forms


def test_each_referral_is_recorded_exactly_once_or_clearly_not(
    border_post, open_door, referral, words, pin, open_books
) -> None:
    door, chance = open_door("staff"), random.Random(2026)  # noqa: S311
    forms = forms_of(chance)
    both = [Volunteer(door, pin, forms[half::2], referral, seed=half) for half in (0, 1)]
    for volunteer in both:
        volunteer.start()
    for closing in range(CLOSINGS):
        due = sum(map(len, forms)) * (closing + 1) // (CLOSINGS + 2)
        while sum(len(volunteer.said) for volunteer in both) < due and all(each.is_alive() for each in both):
            time.sleep(0.01)
        fieldref("--folder", str(border_post), "shift", "close", passphrase=words, pin=pin)
        fieldref("--folder", str(border_post), "shift", "open", passphrase=words, pin=pin)
    for volunteer in both:
        volunteer.join(timeout=300)
        assert not volunteer.is_alive()
        assert volunteer.error is None, volunteer.error
    close_shift(border_post, words)
    north = border_post.with_name("north")
    merged = merge_files(north, [border_post / "outbox"], words)
    assert [each.state for each in merged] == ["new"] * (CLOSINGS + 1)
    found = at_the_branch(open_books(north))
    said = both[0].said | both[1].said
    statuses = both[0].statuses + both[1].statuses
    assert max(statuses) < 500, statuses
    assert [one for one, what in said.items() if what == "recorded" and found[one] != 1] == []
    assert [one for one, what in said.items() if what == "refused" and found[one]] == []
    assert max(found.values()) == 1
    assert set(found) <= set(said)
    print(f"\n{len(forms)} forms, {CLOSINGS + 1} shifts: {dict(Counter(said.values()))}, statuses {dict(statuses)}")
