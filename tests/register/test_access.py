import hashlib
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from fieldref.register import access, passphrase
from fieldref.register.access import (
    AccessRefused,
    PinDisabled,
    PinRefused,
    WrongPin,
    add_volunteer,
    check_pin,
    disable,
    is_admitted,
    take_pin,
    volunteers,
)
from fieldref.register.schema import open_register


def miss(db, times):
    for _ in range(times):
        with pytest.raises(WrongPin):
            check_pin(db, "135790")


def test_the_shifts_pin_lets_a_volunteer_in(open_shift, pin):
    assert check_pin(open_shift, pin) == "volunteer"
    assert check_pin(open_shift, "٤٨٢٩١٥") == "volunteer"


def test_without_a_shift_no_pin_is_worth_anything(safe_point, pin):
    db = open_register(safe_point)
    with pytest.raises(AccessRefused, match="no shift is open"):
        check_pin(db, pin)
    db.close()


def test_ten_failures_disable_the_right_pin_too(open_shift, pin):
    miss(open_shift, 10)
    with pytest.raises(PinDisabled):
        check_pin(open_shift, pin)


def test_nine_failures_do_not_and_success_starts_afresh(open_shift, pin):
    miss(open_shift, 9)
    check_pin(open_shift, pin)
    miss(open_shift, 9)
    check_pin(open_shift, pin)


def test_failures_are_remembered_across_restarts(open_shift, safe_point, pin):
    for _ in range(10):
        db = open_register(safe_point)
        miss(db, 1)
        db.close()
    with pytest.raises(PinDisabled):
        check_pin(open_shift, pin)


def test_pulling_the_plug_while_a_pin_is_checked_wins_no_try(open_shift, safe_point, pin, monkeypatch):
    """The count is on the disk before the PIN is looked at."""

    def power_cut(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr("fieldref.register.access._hash", power_cut)
        for _ in range(10):
            with pytest.raises(KeyboardInterrupt):
                check_pin(open_shift, pin)
    again = open_register(safe_point)
    with pytest.raises(PinDisabled):
        check_pin(again, pin)
    again.close()


@pytest.mark.parametrize("poor", ["000000", "123456", "987654", "121212", "123123", "112233", "12345", "12345a", ""])
def test_a_pin_that_is_guessed_first_is_not_taken(poor):
    with pytest.raises(PinRefused):
        take_pin(poor)


def test_random_pins_differ_and_are_never_poor():
    pins = {take_pin(None) for _ in range(500)}
    assert len(pins) > 490
    assert all(take_pin(pin) == pin for pin in pins)


def test_each_volunteer_has_a_number_and_failures_of_their_own(open_shift, pin):
    number, second = add_volunteer(open_shift)
    assert number == 2
    miss(open_shift, 10)
    assert check_pin(open_shift, second, number) == "volunteer"
    with pytest.raises(PinDisabled):
        check_pin(open_shift, pin)
    assert [(each.number, each.works) for each in volunteers(open_shift)] == [(1, False), (2, True)]


def test_wrong_tries_throw_nobody_out_and_disabling_does(open_shift, pin):
    miss(open_shift, 10)
    assert is_admitted(open_shift, 1)
    disable(open_shift, 1)
    assert not is_admitted(open_shift, 1)
    with pytest.raises(PinDisabled):
        check_pin(open_shift, pin)


def test_a_number_is_not_given_again(open_shift):
    number, _ = add_volunteer(open_shift)
    disable(open_shift, number)
    assert add_volunteer(open_shift)[0] == number + 1


def test_a_pin_works_at_its_own_number_only(open_shift, pin):
    number, second = add_volunteer(open_shift)
    with pytest.raises(WrongPin):
        check_pin(open_shift, second, 1)
    with pytest.raises(WrongPin):
        check_pin(open_shift, pin, number)
    with pytest.raises(AccessRefused, match="no such volunteer"):
        check_pin(open_shift, pin, 42)


def test_nobody_is_added_without_a_shift_or_beyond_ninety_nine(safe_point, open_shift):
    for _ in range(98):
        add_volunteer(open_shift)
    with pytest.raises(AccessRefused, match="99"):
        add_volunteer(open_shift)
    open_shift.conn.execute("DELETE FROM volunteer")
    open_shift.conn.commit()
    with pytest.raises(AccessRefused, match="no shift is open"):
        add_volunteer(open_shift)


def test_guesses_at_the_same_time_take_the_memory_of_one(open_shift, safe_point, monkeypatch):
    """A try takes 32 MiB and a passphrase 128: eight threads at once could end a small computer."""
    running, most = [], []

    def scrypt(*_, **__):
        running.append(1)
        most.append(len(running))
        time.sleep(0.01)
        running.pop()
        return bytes(32)

    monkeypatch.setattr(hashlib, "scrypt", scrypt)
    with ThreadPoolExecutor(8) as pool:
        for _ in range(8):
            pool.submit(access._hash, "135790", b"salt")
            pool.submit(passphrase._key, "words", b"salt", 2)
    assert most == [1] * 16
