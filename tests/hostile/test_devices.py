"""Nothing about a device stays anywhere: not its address, program, language, cookie, or what it asked for.

FIELDREF_REQUESTS says how many requests; `make soak` says 5,000.
"""

import base64
import os
import random
import socket
from contextlib import closing
from pathlib import Path

REQUESTS = int(os.environ.get("FIELDREF_REQUESTS", "1000"))
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


def ask_everything(doors, referral, pin: str) -> dict[int, int]:
    """Send REQUESTS requests to both doors, most of them wrong somehow; return how often each status came."""
    chance, statuses = random.Random(2026), {}  # noqa: S311
    cookie, token = doors[1].sign_in(pin)
    for number in range(REQUESTS):
        door, method, path = doors[number % 2], chance.choice(METHODS), chance.choice(PATHS)
        headers = HEADERS | ({"Host": CANARIES["host"]} if chance.random() < 0.1 else {})
        fields = {"q": CANARIES["query"], "useful": "no", "need": "food", "code": CANARIES["field"]}
        if door is doors[1] and chance.random() < 0.3:
            headers |= {"Cookie": f"{cookie}; other={CANARIES['cookie']}"}
            fields = {"token": token, "note": CANARIES["field"]} | referral()
            method, path = "POST", chance.choice(["/en/refer", "/en/outcome", "/en/outcome/record", "/en/tally"])
        if chance.random() < 0.5:
            path += f"?q={CANARIES['query']}"
        form = fields if method == "POST" else {}
        status = door.ask(method, path, headers, None, PHONE, **form).status
        statuses[status] = statuses.get(status, 0) + 1
        if number % 50 == 0:
            send_nonsense(door.port)
    return statuses


def send_nonsense(port: int) -> None:
    """What is not even a request: half a head, a header that is none, a binary greeting."""
    for said in (
        b"GET /%s" % CANARIES["path"].encode(),
        b"CANARY\r\n%s\r\n\r\n" % CANARIES["field"].encode(),
        bytes(99),
    ):
        with closing(socket.create_connection(("127.0.0.1", port), 5, source_address=(PHONE, 0))) as phone:
            phone.sendall(said)


def test_nothing_of_a_device_stays_in_any_file_or_in_what_the_doors_say(
    border_post, open_door, referral, pin, tmp_path
) -> None:
    doors = [open_door("public"), open_door("staff")]
    statuses = ask_everything(doors, referral, pin)
    forms = {name: written(canary) for name, canary in (CANARIES | {"phone": PHONE}).items()}
    for moment in ("open", "stopped"):
        files = [path for place in (border_post, tmp_path / "room") for path in place.rglob("*") if path.is_file()]
        for path in files:
            content = path.read_bytes()
            found = [name for name, ways in forms.items() if any(way in content for way in ways)]
            assert found == [], f"{path} ({moment}) tells of a device: {found}"
        for door in doors if moment == "open" else []:
            door.stop()
    print(f"\n{REQUESTS} requests, statuses {dict(sorted(statuses.items()))}, {len(files)} files, 0 canaries")
    assert {200, 303, 400, 403, 404, 405} <= set(statuses)
    assert max(statuses) < 500
    assert Path(border_post / "register.db") in files


def test_the_search_would_find_a_canary(tmp_path) -> None:
    """The control: each way of writing one down is found in the middle of a file."""
    for canary in CANARIES.values():
        for text in (canary.encode(), canary.encode("utf-16-le"), canary.encode("utf-16-be")):
            for kept in (text, text.hex().encode(), *(base64.b64encode(b"abc"[:n] + text + b"abc") for n in range(3))):
                assert any(way in b"before" + kept + b"after" for way in written(canary)), kept
