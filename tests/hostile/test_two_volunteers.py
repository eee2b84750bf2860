"""Two volunteers record at once, tap twice, reload, and the coordinator closes the shift in the middle of it.

Every referral was said to be recorded and is at the branch exactly once, or was refused and is not there.
FIELDREF_REFERRALS says how many; `make soak` says 1,000.
"""

import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from itertools import product

from fieldref.database import Database
from fieldref.exchange.bundle import close_shift
from fieldref.exchange.merge import merge_files
from fieldref.languages import LANGUAGES
from fieldref.vocabulary import AGE_BANDS, SEXES

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


class Volunteer(threading.Thread):
    """Records its share. `said` is what came of each referral: recorded, refused, or unknown."""

    def __init__(self, door, pin: str, share: list[tuple[str, ...]], referral, seed: int) -> None:
        super().__init__()
        self.door, self.pin, self.share, self.referral = door, pin, share, referral
        self.chance = random.Random(seed)  # noqa: S311
        self.said: dict[tuple[str, ...], str] = {}
        self.statuses: Counter[int] = Counter()
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            cookie, token = "", ""
            for which in self.share:
                while not token:
                    cookie, token = self.door.sign_in(self.pin)
                self.said[which] = self.record(which, cookie, token)
                if self.said[which] == "refused":
                    token = ""  # the shift was closed: sign in to the next, and begin with the next person
        except BaseException as error:
            self.error = error

    def record(self, which: tuple[str, ...], cookie: str, token: str) -> str:
        """Send the form once, twice at the same moment, or again after the answer, as hasty fingers do."""
        person, sex, age_band, travelling, way, priority = which
        same = {"person": person, "who": f"{sex}/{age_band}", "travelling": travelling}
        form = self.referral(**same, way=way, priority=priority, token=token)
        found: list[bool] = []

        def tap() -> None:
            answer = self.door.ask("POST", "/en/refer", {"Cookie": cookie}, **form)
            self.statuses[answer.status] += 1
            found.append(answer.status == 303 and answer.location.endswith(("/slip", "/now")))

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


def at_the_branch(db: Database) -> Counter[tuple[str, ...]]:
    """How often each referral is at the branch."""
    query = "SELECT language, sex, age_band, travelling, way, priority FROM referral"
    found = Counter(db.conn.execute(query).fetchall())
    assert db.table("quarantine").count == 0
    return found


def test_each_referral_is_recorded_exactly_once_or_clearly_not(
    border_post, open_door, referral, words, pin, open_books
) -> None:
    door, chance = open_door("staff"), random.Random(2026)  # noqa: S311
    which = chance.sample(DIFFERENT, REFERRALS)
    both = [Volunteer(door, pin, which[half::2], referral, seed=half) for half in (0, 1)]
    for volunteer in both:
        volunteer.start()
    for closing in range(CLOSINGS):
        due = REFERRALS * (closing + 1) // (CLOSINGS + 2)
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
    print(f"\n{REFERRALS} referrals, {CLOSINGS + 1} shifts: {dict(Counter(said.values()))}, statuses {dict(statuses)}")
