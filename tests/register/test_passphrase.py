import json

import pytest

from fieldref.register import passphrase
from fieldref.register.passphrase import PassphraseRefused, unwrap, wrap


def test_a_secret_comes_back_for_its_passphrase_and_purpose(words):
    wrapped = wrap(b"secret", words, "signing")
    assert unwrap(wrapped, words, "signing") == b"secret"
    assert b"secret" not in wrapped.replace(b"fieldref secret 1", b"")


def test_another_passphrase_or_purpose_is_refused(words):
    wrapped = wrap(b"secret", words, "signing")
    with pytest.raises(PassphraseRefused, match="wrong"):
        unwrap(wrapped, words + "!", "signing")
    with pytest.raises(PassphraseRefused, match="damaged"):
        unwrap(wrapped, words, "sealing")


@pytest.mark.parametrize("text", [b"", b"{}", b"[]", b"\xff", b'{"kind": 1}'])
def test_a_damaged_key_file_is_refused_in_words(text, words):
    with pytest.raises(PassphraseRefused, match="damaged"):
        unwrap(text, words, "signing")


def test_a_key_file_cannot_ask_for_all_memory(words):
    greedy = json.loads(wrap(b"secret", words, "signing")) | {"n": 2**40}
    with pytest.raises(PassphraseRefused, match="damaged"):
        unwrap(json.dumps(greedy).encode(), words, "signing")


def test_the_same_word_on_another_keyboard_opens_it():
    """An e with an accent is one character on one keyboard and two on another."""
    assert unwrap(wrap(b"secret", "caf\u00e9 caf\u00e9 caf\u00e9", "x"), "cafe\u0301 cafe\u0301 cafe\u0301", "x")


def test_the_real_cost_of_a_try_is_high(monkeypatch, words):
    monkeypatch.setattr(passphrase, "N", 2**17)
    assert unwrap(wrap(b"secret", words, "signing"), words, "signing") == b"secret"
