"""The public door, and people who mean it harm: phones that never finish a sentence, and requests that make no sense.

FIELDREF_ODD_REQUESTS says how many; `make soak` says 20,000.
"""

import http.client
import os
import random
import socket
import time
from collections import Counter
from contextlib import ExitStack

import pytest

ODD = int(os.environ.get("FIELDREF_ODD_REQUESTS", "2000"))
SLOW = 130
CANARY = "<script>canary()</script>\"'><img src=x onerror=canary()>"
TRACES = ("Traceback", 'File "/', "werkzeug", "sqlite3.", "jinja2", "fieldref/web")
METHODS = ["GET", "GET", "GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CANARY"]
WORDS = [
    "en",
    "ar",
    "xx",
    "rights",
    "asylum",
    "needs",
    "food",
    "service",
    "search",
    "static",
    "heard",
    "missing",
    "CON",
]
WORDS += ["..", ".", "", "%2e%2e", "%00", "%ff", "%0d%0aSet-Cookie:%20x=1", "robots.txt", "languages", "emergency"]
WORDS += ["%3Cscript%3Ecanary()%3C/script%3E", "{{7*7}}", "%22onload=canary()", "a" * 300, "%E2%80%AE", "guide.db"]
PAGES = ["/", "/en/", "/ar/rights/asylum", "/en/search", "/fr/needs/food", "/en/missing", "/en/heard/rights/asylum"]
HOSTS = ["evil.example", "127.0.0.1", "x" * 200, "[::1]", "a:b:c", "<script>canary()</script>", ""]
BODIES = [b"", b"need=" + CANARY.encode(), b"\xff\xfe\x00", b"answer=yes&" * 500, b"a=" + b"x" * 40_000, b"{" * 1000]
TYPES = [
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "text/plain",
    "/",
]


def path_of(chance: random.Random) -> str:
    path = "/" + "/".join(chance.choice(WORDS) for _ in range(chance.randint(0, 5)))
    path = chance.choice([path, path, chance.choice(PAGES)])
    query = chance.choice(["", "", f"?q={CANARY}", "?q=%00", "?=&&==", "?q=" + "x" * 2000, "?%ff=%fe"])
    return (path + query).replace(" ", "%20")


def ask(port: int, chance: random.Random) -> tuple[str, int, str, str]:
    """Send one odd request and return it, and the status, headers and page of its answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    method, path, body = chance.choice(METHODS), path_of(chance), chance.choice(BODIES)
    try:
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", chance.choice(HOSTS))
        connection.putheader("Accept-Language", chance.choice(["ar", CANARY, "x" * 3000, ";q=9,,*", "en;q=0"]))
        connection.putheader("Cookie", f"a={CANARY}")
        connection.putheader("Content-Type", chance.choice(TYPES))
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        answer = connection.getresponse()
        return f"{method} {path[:200]}", answer.status, str(answer.headers), answer.read().decode("utf-8", "replace")
    except ConnectionError:  # a head that the server itself refuses to read further
        return "", 0, "", ""
    finally:
        connection.close()


def test_no_odd_request_makes_the_public_door_stumble_or_repeat_what_it_was_told(open_door) -> None:
    door, chance, statuses = open_door("public"), random.Random(2026), Counter()  # noqa: S311
    for _ in range(ODD):
        request, status, headers, page = ask(door.port, chance)
        statuses[status] += 1
        assert status < 500, f"{request}: {status}"
        assert "<script>canary" not in page + headers, f"{request}: it was repeated as it came"
        assert "onerror=canary" not in page.replace("&gt;&lt;img src=x onerror=canary", ""), request
        assert not any(trace in page for trace in TRACES), f"{request}: the answer shows what is inside"
        assert "Set-Cookie" not in headers, request
    assert not any(trace in door.said.read_text("utf-8") for trace in TRACES)
    assert door.ask("GET", "/en/").status == 200
    print(f"\n{ODD} odd requests: {dict(sorted(statuses.items()))}")


def test_phones_that_never_finish_a_sentence_keep_nobody_out(open_door) -> None:
    door = open_door("public")
    with ExitStack() as stay:
        for number in range(SLOW):
            phone = stay.enter_context(socket.create_connection(("127.0.0.1", door.port), 10))
            phone.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Half: %d" % number)
        start = time.monotonic()
        answer = door.ask("GET", "/en/")
        took = time.monotonic() - start
        assert answer.status == 200
        assert took < 10
        print(f"\n{SLOW} half requests stay; a new phone is served in {took:.3f} s")


def test_phones_that_never_finish_a_form_keep_nobody_out(open_door) -> None:
    """The same with the body of a form, at the door's threads and not only at its ear."""
    door = open_door("public")
    with ExitStack() as stay:
        for _ in range(SLOW):
            phone = stay.enter_context(socket.create_connection(("127.0.0.1", door.port), 10))
            phone.sendall(b"POST /en/missing HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n")
            phone.sendall(b"Content-Type: application/x-www-form-urlencoded\r\n\r\nneed=")
        time.sleep(0.5)
        start = time.monotonic()
        assert door.ask("GET", "/en/").status == 200
        print(f"\n{SLOW} half forms stay; a new phone is served in {time.monotonic() - start:.3f} s")


@pytest.mark.parametrize("path", ["//EVIL.EXAMPLE", "/%0D%0ALocation:%20http:%2f%2fevil.example", "/\\\\EVIL.EXAMPLE/"])
def test_no_path_leads_to_another_place(open_door, path: str) -> None:
    """Capital letters, which make a printed code smaller, are led to their page; nothing else of the kind is."""
    door = open_door("public")
    answer = door.ask("GET", path)
    assert answer.status < 500
    assert not answer.location.startswith(("//", "/\\", "http://evil", "http://EVIL"))
    assert door.ask("GET", "/EN/RIGHTS/ASYLUM").location == "/en/rights/asylum"
