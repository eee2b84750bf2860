"""Nobody uses the branch door without its passphrase; the keys it opens are in this process's memory and nowhere else.

Default deny: a view that is not named in OPEN needs a session, a POST its session's token and our own origin. The
keys go with the session: at Lock, after ten idle minutes, with the process.
"""

import threading
from dataclasses import dataclass, field

from flask import Flask, Response, current_app, g, redirect, render_template, request
from flask_babel import gettext
from werkzeug.exceptions import SecurityError
from werkzeug.wrappers import Response as WerkzeugResponse

from fieldref.exchange.branch import open_branch_register
from fieldref.exchange.group import Merged
from fieldref.exchange.keys import BranchKeys, open_branch
from fieldref.exchange.publishing import Published
from fieldref.exchange.quarantine import MOST_MANAGERS
from fieldref.register.passphrase import PassphraseRefused
from fieldref.web import forms
from fieldref.web.patience import COORDINATOR, Patience, TooSoon
from fieldref.web.sessions import Sessions, SignedIn

COOKIE = "fieldref_branch"
MANAGER = "manager"
TOKEN_FREE = frozenset({"signing.sign_in_now"})
OPEN = TOKEN_FREE | {"first", "static_file", "signing.sign_in"}
LONGEST = 400  # characters of a passphrase that are looked at
PIECES = 2**20  # bytes of a field that is no file; also the pieces in which werkzeug reads a file must fit
LOOK = 60  # seconds between looks for sessions whose time is over


@dataclass
class Manager(SignedIn):
    """A manager's session: the branch's keys, what came of the files sent in, the card that waits for a yes,
    the pack that was published, with what rides in it, until that was said.

    `number` is which manager it is; settlements carry it, and no name.
    """

    keys: BranchKeys | None = field(default=None, repr=False)
    came: list[tuple[str, Merged]] = field(default_factory=list)
    card: bytes = b""
    published: tuple[Published | None, dict[str, int]] = field(default=(None, {}))


def guard(app: Flask) -> None:
    """Put the guard before every view of *app*; a signed-in request gets `g.session` and `g.register`."""
    app.extensions["fieldref_sessions"] = Sessions(Manager)
    app.extensions["fieldref_patience"] = Patience()
    app.before_request(_enter)
    app.after_request(forms.blank_when_idle)
    app.teardown_request(_leave)


def keys() -> BranchKeys:
    """The branch's keys, of the session that asks."""
    found: BranchKeys = g.session.keys
    return found


def begin(answer: WerkzeugResponse, words: str, number: int) -> None:
    """Sign the browser that gets *answer* in. Raises PassphraseRefused, or TooSoon after a wrong try."""
    patience: Patience = current_app.extensions["fieldref_patience"]
    with patience.one_try("", COORDINATOR):  # everybody comes from this machine
        opened = open_branch(current_app.config["FOLDER"], words)
    end(answer)
    secret, session = _sessions().open(MANAGER, "", number)
    session.keys = opened
    answer.set_cookie(COOKIE, secret, httponly=True, samesite="Strict", path="/")
    _watch(_sessions())


def end(answer: WerkzeugResponse) -> None:
    """Sign the browser out, here and there."""
    _sessions().close(request.cookies.get(COOKIE, ""))
    answer.delete_cookie(COOKIE, path="/", samesite="Strict", httponly=True)


def typed_right(words: str) -> bool:
    """Whether *words* are the passphrase, asked once more for what is the most secret. Raises TooSoon."""
    patience: Patience = current_app.extensions["fieldref_patience"]
    try:
        with patience.one_try("", COORDINATOR):
            open_branch(current_app.config["FOLDER"], words[:LONGEST])
    except PassphraseRefused:
        return False
    return True


def wait_words(wait: TooSoon) -> str:
    words: str = gettext("It was wrong before. Wait %(seconds)s seconds, then try again.", seconds=wait.seconds)
    return words


def sign_in_page(refused: str = "", status: int = 403) -> WerkzeugResponse:
    """Where one signs in; a browser that still has the cookie of a session is told why that has ended."""
    page = render_template(
        "branch/sign-in.html",
        refused=refused,
        ended=COOKIE in request.cookies and not refused,
        managers=MOST_MANAGERS,
    )
    return WerkzeugResponse(page, status if refused else 200, content_type="text/html; charset=utf-8")


def _enter() -> WerkzeugResponse | None:
    if request.endpoint == "static_file":
        return None
    if isinstance(request.routing_exception, SecurityError):
        raise request.routing_exception
    if request.method not in ("GET", "HEAD"):
        forms.own_origin()
    g.session = _sessions().find(request.cookies.get(COOKIE, ""), "")
    if request.endpoint is None or request.endpoint in OPEN:
        return None
    if g.session is None:
        return redirect(f"/{g.language.code}/sign-in", 303)
    if request.endpoint in current_app.config["LARGEST"]:
        request.max_content_length = current_app.config["LARGEST"][request.endpoint]
        request.max_form_memory_size = PIECES
    if request.method not in ("GET", "HEAD"):
        forms.own_form(g.session)
    g.register = open_branch_register(current_app.config["FOLDER"], keys())
    return None


def _leave(error: BaseException | None) -> None:
    register = g.pop("register", None)
    if register is not None:
        register.close()


def _sessions() -> Sessions[Manager]:
    sessions: Sessions[Manager] = current_app.extensions["fieldref_sessions"]
    return sessions


def _watch(sessions: Sessions[Manager]) -> None:
    """Have the keys forgotten when their time is over, also if no browser ever asks again."""

    def look() -> None:
        if sessions.end_idle(""):
            _watch(sessions)

    timer = threading.Timer(LOOK, look)
    timer.daemon = True
    timer.start()


def said_at(path: str, what: str) -> Response:
    """Lead to *path* of this door, which says once that *what* was done."""
    g.session.done = what
    answer: Response = redirect(f"/{g.language.code}/{path}", 303)  # type: ignore[assignment]
    return answer
