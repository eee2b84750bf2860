import secrets
import sqlite3
import threading

import pytest

from fieldref import voices
from fieldref.database import write_whole
from fieldref.exchange import bundle, payload
from fieldref.exchange.bundle import close_shift
from fieldref.exchange.kinds import KINDS
from fieldref.exchange.pairing import NotPaired
from fieldref.register import shift
from fieldref.register.codes import new_code
from fieldref.register.columns import RECORDS
from fieldref.register.passphrase import PassphraseRefused
from fieldref.register.records import Outcome, Referral, Tally, TurnedAway, Withdrawal, append, append_all
from fieldref.register.schema import open_register
from fieldref.voices import MissingService, PageView, Rating


def everything_in(folder):
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_closed_shift_leaves_one_sealed_file_and_no_record(branch, safe_point, open_shift, words):
    append_all(open_shift, [Referral(need="food"), Tally(people=4), TurnedAway(need="shelter", reason="capacity")])
    closed = close_shift(safe_point, words)
    assert [path.name for path in (safe_point / "outbox").iterdir()] == [closed.file.name]
    assert closed.counts == dict.fromkeys(KINDS, 0) | {"referral": 1, "tally": 1, "turned_away": 1}
    assert all(open_shift[table].count == 0 for table in (*RECORDS, "once", "volunteer", "shift"))


def test_of_a_thousand_records_no_byte_is_left_in_any_file(branch, safe_point, open_shift, words):
    """Markers in every kind of column that can hold one, written, withdrawn and closed; then every byte is read."""
    days = [f"{year}-{month:02}-17" for year in range(1901, 1984) for month in range(1, 13)]
    referrals = [Referral(code=new_code(), day=day, service=f"marker-{secrets.token_hex(8)}") for day in days]
    tallies = [Tally() for _ in days]
    undone = [Withdrawal(record=referral.code) for referral in referrals[::7]]
    outcomes = [Outcome(code=referral.code, status="accepted") for referral in referrals[::3]]
    append_all(open_shift, [*referrals, *tallies])
    for number, record in enumerate([*undone, *outcomes]):
        append(open_shift, record, once=f"form {number}")
    row = open_shift.conn.execute("SELECT shift.id, hash FROM shift, volunteer").fetchone()
    open_shift.close()

    markers = [record.code for record in referrals] + [record.service for record in referrals]
    markers += [record.id for record in (*tallies, *undone, *outcomes)] + days + [row[0]]
    found = everything_in(safe_point)
    assert all(marker.encode() in found for marker in markers)  # this search does find what is there
    close_shift(safe_point, words)
    left = everything_in(safe_point)
    assert len(referrals) + len(tallies) > 1900
    assert [marker for marker in markers if marker.encode() in left] == []
    assert row[1] not in left


def test_the_deleting_itself_leaves_no_byte_even_if_the_pages_are_never_given_back(
    branch, safe_point, open_shift, words, monkeypatch
):
    referrals = [Referral(service=f"marker-{secrets.token_hex(8)}") for _ in range(1000)]
    for start in range(0, 1000, 50):
        append_all(open_shift, referrals[start : start + 50])
    monkeypatch.setattr(shift, "_give_pages_back", lambda _: None)
    close_shift(safe_point, words)
    left = everything_in(safe_point)
    assert not any(record.code.encode() in left or record.service.encode() in left for record in referrals)


def test_what_visitors_told_goes_into_the_bundle_and_leaves_no_byte(branch, safe_point, open_shift, words):
    said = [MissingService(language="ar", need="food") for _ in range(200)]
    voices.hear_all(safe_point, said)
    assert said[0].id.encode() in everything_in(safe_point)
    assert close_shift(safe_point, words).counts["missing_service"] == 200
    left = everything_in(safe_point)
    assert not any(voice.id.encode() in left for voice in said)


def test_what_visitors_tell_when_no_shift_is_open_waits_for_the_next(branch, safe_point, close_with, words):
    voices.hear(safe_point, MissingService(language="ar", need="food"))
    with pytest.raises(shift.NoShift):
        close_shift(safe_point, words)
    shift.open_shift(safe_point, words)
    assert close_shift(safe_point, words).counts["missing_service"] == 1


def test_a_close_that_is_refused_keeps_what_visitors_told(branch, safe_point, open_shift, words, monkeypatch):
    voices.hear(safe_point, MissingService(language="ar", need="food"))
    with monkeypatch.context() as trouble:
        trouble.setattr(bundle, "write_whole", lambda path, content: path.write_bytes(content[:-1] + b"?"))
        with pytest.raises(bundle.CloseRefused):
            close_shift(safe_point, words)
    assert close_shift(safe_point, words).counts["missing_service"] == 1


@pytest.mark.parametrize("damage", [b"not a database at all" * 400, b"", "middle"], ids=["other", "empty", "middle"])
def test_damaged_counts_of_visitors_do_not_keep_a_shift_from_closing(branch, safe_point, open_shift, words, damage):
    append(open_shift, Referral())
    voices.hear_all(safe_point, [MissingService(language="ar", need="food") for _ in range(100)])
    content = (safe_point / "voices.db").read_bytes()
    if damage == "middle":
        damage = content[:5000] + secrets.token_bytes(len(content) - 5000)
    (safe_point / "voices.db").write_bytes(damage)
    assert close_shift(safe_point, words).counts["referral"] == 1


def test_nobody_else_tidies_a_bundle_away_while_it_is_being_made(branch, safe_point, open_shift, words, monkeypatch):
    """Another start of fieldref waits until the bundle is committed to, and then finds no shift."""
    append(open_shift, Referral())
    open_shift.conn.execute("PRAGMA busy_timeout = 0")

    def write_while_another_tidies(path, content):
        write_whole(path, content)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            shift.tidy(open_shift, safe_point)

    monkeypatch.setattr(bundle, "write_whole", write_while_another_tidies)
    assert close_shift(safe_point, words).file.exists()


def test_a_closed_register_is_no_larger_for_having_held_more(branch, new_safe_point, safe_point, words):
    """The size of what is left does not tell how much there was."""
    sizes = set()
    for number in (0, 3000):
        shift.open_shift(safe_point, words)
        db = open_register(safe_point)
        append_all(db, [Referral() for _ in range(number)])
        db.close()
        close_shift(safe_point, words)
        sizes.add((safe_point / "register.db").stat().st_size)
    assert len(sizes) == 1


def test_the_payload_says_nothing_of_the_order_of_recording(open_shift, safe_point):
    referrals, heard = [Referral() for _ in range(300)], voices.open_voices(safe_point)
    append_all(open_shift, referrals)
    content = bundle.payload_of(open_shift, heard, shift.require(open_shift), 0)
    open_shift.conn.execute("DELETE FROM referral")
    open_shift.conn.commit()
    append_all(open_shift, reversed(referrals))
    assert bundle.payload_of(open_shift, heard, shift.require(open_shift), 0) == content
    heard.close()


def test_the_reader_reads_what_the_bundle_writes(open_shift, safe_point, rows_of):
    records = [
        Referral(need="food"),
        Outcome(code=new_code(), status="accepted"),
        Tally(people=9),
        TurnedAway(need="shelter", people=2, reason="capacity"),
        Withdrawal(record=new_code()),
    ]
    said = [
        Rating(page="rights/asylum", language="ar", useful="no", reason="hard"),
        MissingService(language="fa", need="wash"),
        PageView(page="risks/heat-and-cold", language="en", count=50),
    ]
    append_all(open_shift, records)
    voices.hear_all(safe_point, said)
    with voices.held(safe_point) as heard:
        content = bundle.payload_of(open_shift, heard, shift.require(open_shift), 0)
    read = {row[0]: tuple(row[1:]) for row in rows_of(content)}
    assert {table: read[table] for table in KINDS} == {
        table: tuple(vars(record).values()) for table, record in zip(KINDS, [*records, *said], strict=True)
    }


def test_the_payloads_columns_are_the_records_of_today():
    """When a record gets a column this fails: then make a new payload format, and keep reading those before."""
    for table in KINDS:
        assert set(payload.TABLES[table]) == {column.name for column in KINDS[table]}


def test_bundles_form_a_chain(branch, safe_point, close_with):
    for _ in range(3):
        close_with(safe_point, Referral())
    db = open_register(safe_point)
    chain = list(db["bundle"].rows_where(order_by="sequence"))
    db.close()
    assert [row["sequence"] for row in chain] == [1, 2, 3]
    assert [row["previous"] for row in chain] == ["0" * 64, *(row["sha256"] for row in chain[:2])]


def test_without_a_branch_nothing_is_closed_and_it_is_said_what_to_do(safe_point, open_shift, words):
    append(open_shift, Referral())
    with pytest.raises(NotPaired, match="fieldref pair"):
        close_shift(safe_point, words)
    assert open_shift["referral"].count == 1


def test_the_wrong_passphrase_closes_nothing(branch, safe_point, open_shift):
    append(open_shift, Referral())
    with pytest.raises(PassphraseRefused):
        close_shift(safe_point, "these words are not it")
    assert open_shift["referral"].count == 1


def test_without_a_shift_there_is_nothing_to_close(branch, safe_point, words):
    with pytest.raises(shift.NoShift):
        close_shift(safe_point, words)
    assert list((safe_point / "outbox").iterdir()) == []


def test_a_record_made_while_closing_is_sealed_or_refused_but_never_lost(branch, safe_point, open_shift, words):
    """The close keeps other writers waiting from its reading to its deleting."""
    accepted, refused = [], []

    def keep_recording():
        db = open_register(safe_point)
        while not refused:
            referral = Referral()
            try:
                append(db, referral)
                accepted.append(referral.code)
            except shift.NoShift:
                refused.append(referral.code)
        db.close()

    volunteer = threading.Thread(target=keep_recording)
    volunteer.start()
    while len(accepted) < 20 and volunteer.is_alive():
        pass
    closed = close_shift(safe_point, words)
    volunteer.join()
    assert closed.counts["referral"] == len(accepted)
