import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from fieldref.exchange import seal
from fieldref.exchange.seal import SealRefused

KEY = X25519PrivateKey.generate()


def sealed(content=b"words"):
    return seal.seal(content.ljust(seal.room(len(content)), b"\0"), KEY.public_key())


def test_what_is_sealed_opens_with_the_key_only():
    assert seal.unseal(sealed(), KEY).rstrip(b"\0") == b"words"
    with pytest.raises(SealRefused, match="not sealed to this branch"):
        seal.unseal(sealed(), X25519PrivateKey.generate())


def test_sizes_are_a_few_powers_of_two():
    assert {len(sealed(b"x" * number)) for number in (1, 1000, 65_000)} == {65_536}
    assert len(sealed(b"x" * 65_400)) == 131_072
    assert seal.room(50 * 2**20 - seal.AROUND) == 50 * 2**20 - seal.AROUND
    with pytest.raises(SealRefused, match="too much"):
        seal.room(50 * 2**20)


def test_the_same_content_never_looks_the_same():
    """No byte of the outside is a constant, a count or a name (the top bit of an X25519 key apart)."""
    many = [sealed() for _ in range(40)]
    for place in (*range(seal.AROUND), 30_000, 65_535):
        assert len({one[place] for one in many}) > 20


@pytest.mark.parametrize("place", [0, 31, 40, 79, 80, 130, 160, 40_000, 65_535])
def test_every_changed_byte_is_noticed(place):
    changed = bytearray(sealed())
    changed[place] ^= 1
    with pytest.raises(SealRefused):
        seal.unseal(bytes(changed), KEY)


@pytest.mark.parametrize("content", [b"", b"x" * 65_535, b"x" * 65_537, b"\0" * 65_536, b"\xff" * 131_072])
def test_what_was_cut_or_is_something_else_is_refused(content):
    with pytest.raises(SealRefused):
        seal.unseal(content, KEY)


def test_a_second_recipient_can_be_served_later():
    """Readers of format 1 already try the second slot."""
    content = b"words".ljust(seal.room(5), b"\0")
    key = b"k" * 32
    slots = seal.SUITE.encrypt(key, X25519PrivateKey.generate().public_key(), seal.INFO)
    slots += seal.SUITE.encrypt(key, KEY.public_key(), seal.INFO)
    assert seal.unseal(slots + seal.ChaCha20Poly1305(key).encrypt(seal.NONCE, content, slots), KEY) == content
