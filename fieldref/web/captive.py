"""In front of the public door: whoever asks for somebody else's page here is led to ours, and never to more.

On the hotspot every name leads to this box, so a phone that looks whether there is an internet asks us in the name of
captive.apple.com or connectivitycheck.gstatic.com. Lists of those names are never complete; one rule on the host name
is: not ours means a way to our first page. The internet is not here and no answer says that it is: no 204, no
"Success". The same rule keeps a page of elsewhere from reading this door under its own name (DNS rebinding).
"""

import ipaddress
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from markupsafe import escape

from fieldref.hotspot.wanted import NOWHERE
from fieldref.settings import Settings
from fieldref.web.headers import POLICY

# The window in which an iPhone shows a sign-in page asks first by itself, and wants the way without a page.
APPLE = "CaptiveNetworkSupport"
ALWAYS = [
    ("Cache-Control", "no-store"),  # the phone must ask again, also in the next network
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
]


class Captive:
    """A WSGI application in front of *app*, the public door at *address*, which may also be called *names*.

    A host in figures is ours, since it brought the phone here; not so NOWHERE, to which the hotspot's DNS leads all
    other names.
    """

    def __init__(self, app: WSGIApplication, address: str, names: Iterable[str]) -> None:
        self._app = app
        self._home = f"http://{address}/"
        self._page = f'<!doctype html><title>fieldref</title><a href="{escape(self._home)}">{escape(self._home)}</a>\n'
        self._names = frozenset(["", "localhost", *names])

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if self._is_ours(environ.get("HTTP_HOST", "")):
            return self._app(environ, start_response)
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return _answer(start_response, "421 Misdirected Request", "text/plain", b"Nothing is taken here.\n")
        way = ("Location", self._home)
        if APPLE in environ.get("HTTP_USER_AGENT", ""):
            return _answer(start_response, "302 Found", "text/html", b"", way)
        # With a page of more than four bytes: Android takes an empty answer for a broken network.
        answer = _answer(start_response, "302 Found", "text/html", self._page.encode(), way)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else answer

    def _is_ours(self, host: str) -> bool:
        name = name_in(host)
        return name in self._names or (name != NOWHERE and _in_figures(name))


def lead_home(app: WSGIApplication, place: Settings) -> WSGIApplication:
    """Put the rule in front of *app* if *place* says what its address is; without one, no host is foreign."""
    if not place.address:
        return app
    address = place.address.lower().removeprefix("http://").rstrip("/")
    return Captive(app, address, {name_in(address), place.name_to_type})


def name_in(host: str) -> str:
    """The name of a Host header or of an address, without its port, in small letters."""
    host = host.strip().lower()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].rstrip(".")


def _in_figures(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _answer(
    start_response: StartResponse, status: str, kind: str, page: bytes, *more: tuple[str, str]
) -> Iterable[bytes]:
    start_response(
        status,
        [("Content-Type", f"{kind}; charset=utf-8"), ("Content-Length", str(len(page))), *ALWAYS, *more],
    )
    return [page]
