import pytest

from fieldref.register.codes import new_code
from fieldref.register.counts import referral_now
from fieldref.register.records import RecordRefused, Referral, append
from fieldref.register.withdrawals import is_withdrawn, withdraw


def test_a_withdrawn_record_no_longer_counts_and_is_still_there(open_shift):
    referral = Referral()
    append(open_shift, referral)
    assert withdraw(open_shift, referral.code, "person_asked")
    assert referral_now(open_shift, referral.code) is None
    assert open_shift.conn.execute("SELECT count(*) FROM referral").fetchone() == (1,)


def test_withdrawing_again_adds_nothing(open_shift):
    code = new_code()
    assert withdraw(open_shift, code)
    assert not withdraw(open_shift, code, "twice")
    assert open_shift.conn.execute("SELECT reason FROM withdrawal").fetchall() == [("mistake",)]


@pytest.mark.parametrize(("record", "reason"), [("Ahmad", "mistake"), (new_code(), "because")], ids=["name", "reason"])
def test_only_a_code_and_a_coded_reason_are_kept(open_shift, record, reason):
    with pytest.raises(RecordRefused):
        withdraw(open_shift, record, reason)
    assert not is_withdrawn(open_shift, record)
