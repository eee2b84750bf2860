"""The sync door, and somebody on the same network who is no safe-point: what nobody signed is refused, in one line.

FIELDREF_ODD_REQUESTS says how many, a fortieth of it; `make soak` says 20,000.
"""

import json
import os
import random
from collections import Counter

import pytest
from werkzeug.test import Client

from fieldref.exchange.cards import read_card
from fieldref.exchange.keys import DEVICE_CARD
from fieldref.web.syncing import INCOMING, PASSPHRASE, create_sync

ODD = int(os.environ.get("FIELDREF_ODD_REQUESTS", "2000")) // 40
HELLO = "/sync/1/hello"
BOMBS = [
    b"[" * 200_000,
    b'{"device":' * 20_000,
    b"9" * 200_000,
    b'{"device": %s}' % (b"9" * 9_000),
    b"\xff\xfe\x00",
    b"{}",
    b"null",
    b'{"device": "\\ud800", "chosen": "%s"}' % (b"0" * 32),
    b'{"device": "%s", "chosen": "%s"}' % (b"a" * 200_000, b"0" * 32),
]


@pytest.fixture
def quick_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here the door is in this process."""
    monkeypatch.setattr("fieldref.register.passphrase.N", 2**4)


@pytest.fixture
def listening(branch, words, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setenv(PASSPHRASE, words)
    return Client(create_sync(branch))


@pytest.mark.parametrize("bomb", BOMBS, ids=range(len(BOMBS)))
def test_no_json_makes_the_door_stumble(listening, bomb: bytes) -> None:
    assert listening.post(HELLO, data=bomb).status_code in (400, 403, 413)


@pytest.mark.parametrize("path", ["/sync/1/pack/" + "9" * 5000, "/sync/1/pack/9?at=" + "9" * 5000, "/sync/1/%00", "/"])
def test_no_address_does(listening, path: str) -> None:
    assert listening.get(path).status_code in (401, 404)


def test_what_nobody_signed_leaves_nothing(listening, branch, safe_point) -> None:
    device, chance, statuses = read_card(safe_point / DEVICE_CARD, "device").id, random.Random(2026), Counter[int]()  # noqa: S311
    paths = [
        "receipt",
        "receipt",
        "pack",
        "pack",
        "pack/1?at=0",
        "bundle/" + "0" * 64 + "?size=65536&at=0",
        "bundle/../../x",
        "hello",
    ]
    before = sorted(path for path in branch.rglob("*"))
    for _ in range(ODD):
        challenge = listening.post(HELLO, data=json.dumps({"device": device, "chosen": "0" * 32})).json["challenge"]
        headers = {
            "Fieldref-Device": chance.choice([device, device, "../x", "a" * 20, ""]),
            "Fieldref-Challenge": challenge,
        }
        headers["Fieldref-Proof"] = chance.choice(["", "A" * 88, "=" * 9000, "\xe9", "AA=="])
        method = chance.choice(["GET", "GET", "GET", "PUT", "POST", "DELETE"])
        answer = listening.open("/sync/1/" + chance.choice(paths), method=method, headers=headers, data=b"x" * 99)
        statuses[answer.status_code] += 1
        assert answer.status_code in (400, 401, 403, 404, 405), answer.text
    assert sorted(path for path in branch.rglob("*")) == before
    assert list((branch / INCOMING).iterdir()) == []
    print(f"\n{ODD} unsigned requests: {dict(sorted(statuses.items()))}")
