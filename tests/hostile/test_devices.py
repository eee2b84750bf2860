"""Nothing about a device stays anywhere: not its address, program, language, cookie, or what it asked for.

FIELDREF_REQUESTS says how many requests; `make soak` says 5,000.
"""

import base64
import os
import random
import socket
import ssl
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from fieldref import settings
from fieldref.web.certificate import certificate
from fieldref.web.syncing import PASSPHRASE

REQUESTS = int(os.environ.get("FIELDREF_REQUESTS", "1000"))
WIFI = "127.0.0.2"  # where the doors over TLS listen: see conftest.py
PHONE = "127.83.61.19"  # an address of this machine that nobody else uses
CANARIES = {
    "forwarded": "203.0.113.77",
    "real": "198.51.100.201",
    "hardware": "a4:83:e7:5c:91:0b",
    "program": "CanaryPhone/9.1",
    "language": "x-canarytongue",
    "referer": "canary-referer.example",
    "cookie": "canary-cookie-7291",
    "query": "canary-query-5518",
    "field": "canary-field-8842",
    "path": "canary-path-3307",
    "host": "canary-host.example",
}
HEADERS = {
    "X-Forwarded-For": CANARIES["forwarded"],
    "Forwarded": f"for={CANARIES['forwarded']}",
    "X-Real-IP": CANARIES["real"],
    "True-Client-IP": CANARIES["real"],
    "X-Client-MAC": CANARIES["hardware"],
    "User-Agent": f"Mozilla/5.0 ({CANARIES['program']})",
    "Accept-Language": f"{CANARIES['language']},ar;q=0.5",
    "Referer": f"http://{CANARIES['referer']}/page",
    "Cookie": f"fieldref_staff={CANARIES['cookie']}; other={CANARIES['cookie']}",
}
PATHS = ["/", "/en/", "/ar/rights/asylum", "/en/search", "/en/needs/food", "/en/refer", "/en/outcome", "/en/sign-in"]
PATHS += ["/en/refer?", "/static/x/y", "/robots.txt", "/fr/emergency", f"/en/{CANARIES['path']}", "/%00", "/en/..%2f"]
PATHS += ["/en/missing", "/en/heard/rights/asylum"]  # where a phone may say something
STAFF_FORMS = ["/en/refer", "/en/outcome", "/en/outcome/record", "/en/tally", "/en/turned-away", "/en/pad/enter"]
STAFF_FORMS += ["/en/answers/enter", "/en/capacity", "/en/speaking", "/en/announce", "/en/outcome/scan", "/en/begin"]
FILE = CANARIES["field"] * 9_000
METHODS = ["GET"] * 6 + ["POST"] * 3 + ["HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "CANARY"]


def written(canary: str) -> set[bytes]:
    """The ways in which *canary* may have been written down: as text, wide text, hexadecimal, base 64, packed."""
    forms = set()
    for text in (canary.encode(), canary.encode("utf-16-le"), canary.encode("utf-16-be")):
        forms |= {text, text.hex().encode(), text.hex().upper().encode()}
        for before in range(3):  # what stands before it shifts the letters of base 64
            coded = base64.b64encode(bytes(before) + text)[4 if before else 0 : -4]
            forms |= {coded, coded.translate(bytes.maketrans(b"+/", b"-_"))}
    if canary.replace(".", "").isdigit():
        packed = socket.inet_aton(canary)
        forms |= {packed.hex().encode(), b"::ffff:" + canary.encode()}
    return forms


class Asked(NamedTuple):
    """A door, where on it one asks, and who is let in: the cookie, and the token of their forms."""

    door: Any
    paths: list[str]
    forms: list[str]
    cookie: str = ""
    token: str = ""


def doors_of(open_door, border_post: Path, pin: str, words: str) -> list[Asked]:
    """Every door there is, with a volunteer signed in at both staff doors and a manager at the branch's."""
    north = border_post.with_name("north")
    public, staff, lan = open_door("public"), open_door("staff"), open_door("staff-lan")
    branch, sync = open_door("branch", north), open_door("sync", north, **{PASSPHRASE: words})
    card = lan.ask("GET", f"/card/{certificate(border_post, ()).word}").cookie.split(";")[0]
    manager = branch.let_in("/en/sign-in", passphrase=words, number="1")
    return [
        Asked(public, [*PATHS, "/generate_204", "/hotspot-detect.html"], ["/en/missing", "/en/heard/rights/asylum"]),
        Asked(staff, PATHS, STAFF_FORMS, *staff.sign_in(pin)),
        Asked(lan, [*PATHS, f"/card/{CANARIES['path']}"], STAFF_FORMS, *lan.let_in("/en/sign-in", card, pin=pin)),
        Asked(branch, [*PATHS, "/en/reports", "/en/pair"], ["/en/take", "/en/pair/look", "/en/clear"], *manager),
        Asked(sync, ["/sync/1/hello", "/sync/1/receipt", f"/sync/1/bundle/{CANARIES['path']}"], ["/sync/1/hello"]),
    ]


def ask_everything(doors: list[Asked], referral) -> dict[int, int]:
    """Send REQUESTS requests to all doors, most of them wrong somehow; return how often each status came."""
    chance, statuses = random.Random(2026), {}  # noqa: S311
    for number in range(REQUESTS):
        door, paths, forms, cookie, token = doors[number % len(doors)]
        method, path = chance.choice(METHODS), chance.choice(paths)
        headers = HEADERS | ({"Host": CANARIES["host"]} if chance.random() < 0.1 else {})
        fields = {"q": CANARIES["query"], "useful": "no", "need": "food", "code": CANARIES["field"]}
        body: bytes | None = None
        if chance.random() < 0.3:
            headers |= {"Cookie": f"{cookie}; other={CANARIES['cookie']}"} if cookie else {}
            fields = {"token": token, "note": CANARIES["field"], "device": CANARIES["host"]} | referral()
            method, path = "POST", chance.choice(forms)
            if chance.random() < 0.2:
                fields, body = {}, a_file(token)
                headers |= {"Content-Type": "multipart/form-data; boundary=canary"}
        if chance.random() < 0.5:
            path += f"?q={CANARIES['query']}"
        try:
            status = door.ask(method, path, headers, body, PHONE, **(fields if method == "POST" else {})).status
        except OSError:  # it was let go before it had sent all of a file
            status = 0
        statuses[status] = statuses.get(status, 0) + 1
        if number % 50 < len(doors):
            send_nonsense(door)
    return statuses


def a_file(token: str) -> bytes:
    """A form with a file in it, whose name and content are a canary each; too large for the memory of some."""
    parts = (f'name="token"\r\n\r\n{token}', f'name="files"; filename="{CANARIES["path"]}"\r\n\r\n{FILE}')
    inside = "".join(f"--canary\r\nContent-Disposition: form-data; {part}\r\n" for part in parts)
    return f"{inside}--canary--\r\n".encode()


def send_nonsense(door) -> None:
    """What is not even a request: half a head, a header that is none, a binary greeting; over TLS, by another name."""
    for said in (
        b"GET /%s" % CANARIES["path"].encode(),
        b"CANARY\r\n%s\r\n\r\n" % CANARIES["field"].encode(),
        bytes(99),
    ):
        with closing(socket.create_connection((door.host, door.port), 5, source_address=(PHONE, 0))) as phone:
            phone.sendall(said)
    if door.host == WIFI:
        anybodys = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        anybodys.check_hostname, anybodys.verify_mode = False, ssl.CERT_NONE
        phone = socket.create_connection((door.host, door.port), 5, source_address=(PHONE, 0))
        with closing(anybodys.wrap_socket(phone, server_hostname=CANARIES["host"])) as inside:
            inside.sendall(b"GET /%s HTTP/1.1\r\nHost: x\r\n\r\n" % CANARIES["path"].encode())


def test_nothing_of_a_device_stays_in_any_file_or_in_what_the_doors_say(
    border_post, open_door, referral, pin, words, tmp_path
) -> None:
    facts = border_post / settings.FILE_NAME
    facts.write_text(facts.read_text("utf-8").replace('address = ""', 'address = "10.42.0.1"'), "utf-8")
    doors = doors_of(open_door, border_post, pin, words)
    assert all(each.token for each in doors[1:4]), "somebody is signed in"
    statuses = ask_everything(doors, referral)
    forms = {name: written(canary) for name, canary in (CANARIES | {"phone": PHONE}).items()}
    places = (border_post, border_post.with_name("north"), tmp_path / "room")
    for moment in ("open", "stopped"):
        files = [path for place in places for path in place.rglob("*") if path.is_file()]
        for path in files:
            content = path.read_bytes()
            found = [name for name, ways in forms.items() if any(way in content for way in ways)]
            assert found == [], f"{path} ({moment}) tells of a device: {found}"
        for each in doors if moment == "open" else []:
            each.door.stop()
    print(f"\n{REQUESTS} requests at {len(doors)} doors, statuses {dict(sorted(statuses.items()))}, {len(files)} files")
    assert {200, 302, 303, 400, 403, 404, 405, 421} <= set(statuses)
    assert max(statuses) < 500
    assert {border_post / "register.db", border_post.with_name("north") / "register.db"} <= set(files)


def test_the_search_would_find_a_canary(tmp_path) -> None:
    """The control: each way of writing one down is found in the middle of a file."""
    for canary in CANARIES.values():
        for text in (canary.encode(), canary.encode("utf-16-le"), canary.encode("utf-16-be")):
            for kept in (text, text.hex().encode(), *(base64.b64encode(b"abc"[:n] + text + b"abc") for n in range(3))):
                assert any(way in b"before" + kept + b"after" for way in written(canary)), kept
