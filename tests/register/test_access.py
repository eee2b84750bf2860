import pytest

from fieldref.register.access import AccessRefused, PinDisabled, PinRefused, WrongPin, check_pin, take_pin
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
