"""In front of Flask: a page that was made once is handed out as bytes until the guide or an opening hour changes.

A view allows it by setting KEEP_UNTIL on its answer: the moment (seconds since 1970) at which what it says may
change, or FOREVER for as long as the guide stays. Only such answers to plain GETs without a query are kept, so the
number of kept pages is bounded by the guide; LIMIT bounds it again.
"""

import gzip
import hashlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

KEEP_UNTIL = "Fieldref-Keep-Until"
FOREVER = "inf"
LIMIT = 2_000

Headers = list[tuple[str, str]]


@dataclass(frozen=True)
class Kept:
    """One answer in the two forms that phones ask for, each with its headers ready."""

    until: float
    etag: str
    plain: tuple[Headers, bytes]
    packed: tuple[Headers, bytes]
    unchanged: Headers


class PageCache:
    """A WSGI application around another. `identity` says which guide is in place; a new one empties the cache.

    `variant` names what else an answer depends on for this request (the first page: the phone's language).
    `read` is told the path of every kept page that somebody gets.
    """

    def __init__(
        self,
        app: WSGIApplication,
        identity: Callable[[], object],
        variant: Callable[[WSGIEnvironment], str],
        clock: Callable[[], float] = time.time,
        read: Callable[[str], None] | None = None,
    ) -> None:
        self._app = app
        self._identity = identity
        self._variant = variant
        self._clock = clock
        self._read = read
        self._known: object = None
        self._kept: dict[tuple[str, str], Kept] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or environ.get("QUERY_STRING"):
            return self._app(environ, _without_mark(start_response))
        identity = self._identity()
        if identity != self._known:
            self._kept, self._known = {}, identity
        pages = self._kept
        key = (environ["PATH_INFO"], self._variant(environ))
        kept = pages.get(key)
        if kept is None or kept.until <= self._clock():
            made = self._make(environ)
            if not isinstance(made, Kept):
                status, headers, body = made
                start_response(status, headers)
                return [body]
            kept = made
            if len(pages) >= LIMIT:
                pages.clear()
            pages[key] = kept
        if self._read is not None and environ["REQUEST_METHOD"] == "GET":
            self._read(environ["PATH_INFO"])
        return _answer(kept, environ, start_response)

    def _make(self, environ: WSGIEnvironment) -> "Kept | tuple[str, Headers, bytes]":
        heard: list[Any] = []

        def listen(status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], object]:
            heard[:] = [status, headers]
            return lambda _: None

        answer = self._app(environ | {"REQUEST_METHOD": "GET"}, listen)
        try:
            body = b"".join(answer)
        finally:
            close = getattr(answer, "close", None)
            if close is not None:
                close()
        status, headers = heard
        until = next((value for name, value in headers if name == KEEP_UNTIL), None)
        headers = [pair for pair in headers if pair[0] != KEEP_UNTIL]
        if until is None or status != "200 OK":
            return status, headers, b"" if environ["REQUEST_METHOD"] == "HEAD" else body
        return _keep(float(until), headers, body)


def _keep(until: float, headers: Headers, body: bytes) -> Kept:
    etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    vary = ", ".join([*(value for name, value in headers if name == "Vary"), "Accept-Encoding"])
    common = [pair for pair in headers if pair[0] not in ("Content-Length", "Vary", "ETag")]
    common += [("ETag", etag), ("Vary", vary)]
    packed = gzip.compress(body, 9, mtime=0)
    return Kept(
        until,
        etag,
        ([*common, ("Content-Length", str(len(body)))], body),
        ([*common, ("Content-Encoding", "gzip"), ("Content-Length", str(len(packed)))], packed),
        [pair for pair in common if pair[0] != "Content-Type"],
    )


def _answer(kept: Kept, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    if kept.etag in environ.get("HTTP_IF_NONE_MATCH", ""):
        start_response("304 Not Modified", kept.unchanged)
        return []
    headers, body = kept.packed if "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "") else kept.plain
    start_response("200 OK", headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def _without_mark(start_response: StartResponse) -> StartResponse:
    def start(status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], object]:
        return start_response(status, [pair for pair in headers if pair[0] != KEEP_UNTIL], exc_info)

    return start
