"""Nobody uses the staff door unless a session says so, and no form counts unless this door made it.

Default deny: a view that is not named in OPEN needs a session; one named in COORDINATORS needs a coordinator's; a POST
without its session's token is refused.
"""

from contextlib import AbstractContextManager

from flask import Flask, Response, abort, current_app, g, make_response, redirect, render_template, request
from flask_babel import gettext
from werkzeug.exceptions import SecurityError
from werkzeug.wrappers import Response as WerkzeugResponse

from fieldref.register import shift
from fieldref.register.access import COORDINATOR, is_admitted, volunteers
from fieldref.register.schema import open_register
from fieldref.web import forms, guiding, lan, scanning
from fieldref.web.patience import COORDINATOR as FOR_THE_COORDINATOR
from fieldref.web.patience import MOST_PASSPHRASES, Patience, TooSoon
from fieldref.web.sessions import Session, Sessions

COOKIE = "fieldref_staff"
# Nobody is signed in yet; the PIN or the passphrase itself is the secret.
TOKEN_FREE = frozenset({"staff.sign_in_now", "shifting.open_now", "shifting.sign_in"})
OPEN = TOKEN_FREE | {"first", "static_file", "staff.sign_in", "lan.card"}
COORDINATORS = guiding.ROUTES | frozenset(
    {"shifting.page", "shifting.add", "shifting.shut_out", "shifting.close", "carrying.copy", "shifting.card"},
)
# Bytes of a form where more is taken than of others; only of somebody who is signed in.
LARGEST = {"scanning.scan": scanning.LARGEST, guiding.TAKE: guiding.LARGEST}
LARGEST_FIELD = scanning.LARGEST  # of these, what is no file; and the pieces in which werkzeug reads a file
# What a page asks by itself: a camera that was left on must not keep a session open.
BY_ITSELF = frozenset({"scanning.scan"})
# What takes the passphrase. A phone is looked over, lent and lost, so it is typed at the machine.
AT_THE_MACHINE = COORDINATORS | {"shifting.open_now", "shifting.sign_in"}


def guard(app: Flask) -> None:
    """Put the guard before every view of *app*; a request gets `g.register`, `g.shift` and `g.session`."""
    app.extensions["fieldref_sessions"] = Sessions(Session)
    app.extensions["fieldref_patience"] = Patience()
    app.before_request(_enter)
    app.after_request(forms.blank_when_idle)
    app.teardown_request(_leave)


def begin(answer: WerkzeugResponse, role: str, number: int = 0) -> Session:
    """Sign the browser that gets *answer* in, under a secret that no earlier page can have known."""
    end(answer)
    secret, session = _sessions().open(role, g.shift.id, number)
    tls = lan.here() is not None
    answer.set_cookie(cookie(), secret, secure=tls, httponly=True, samesite="Strict", path="/")
    return session


def end(answer: WerkzeugResponse) -> None:
    """Sign the browser out, here and there."""
    _sessions().close(request.cookies.get(cookie(), ""))
    tls = lan.here() is not None
    answer.delete_cookie(cookie(), secure=tls, path="/", samesite="Strict", httponly=True)


def cookie() -> str:
    """The name of a session's cookie. Over TLS one that no page in clear, the public door's too, can set or read."""
    return f"__Host-{COOKIE}" if lan.here() else COOKIE


def one_try(number: int = FOR_THE_COORDINATOR) -> AbstractContextManager[None]:
    """Look at a PIN of volunteer *number*, or at a passphrase, in this block. Raises TooSoon, or 403 after too many."""
    patience: Patience = current_app.extensions["fieldref_patience"]
    if number == FOR_THE_COORDINATOR and lan.here() and patience.wrong_passphrases >= MOST_PASSPHRASES:
        g.said = gettext("This is done at the machine itself, not on a phone.")
        abort(403)
    return patience.one_try(request.remote_addr or "", number)


def wrong_passphrases() -> int:
    """How many were typed at this door since it was opened."""
    patience: Patience = current_app.extensions["fieldref_patience"]
    return patience.wrong_passphrases


def sign_in_page(refused: str, status: int = 403) -> WerkzeugResponse:
    """Where one signs in; a browser that still has the cookie of a session is told why that has ended."""
    page = render_template(
        "staff/sign-in.html",
        refused=refused,
        volunteers=[each for each in volunteers(g.register) if not each.disabled],
        ended=cookie() in request.cookies and not refused,
        coordinators_too=_takes_passphrases(),
    )
    return make_response(page, status if refused else 200)


def wait_page(wait: TooSoon) -> WerkzeugResponse:
    """Where one signs in, with how long to wait before the next try is looked at."""
    return sign_in_page(wait_words(wait), 429)


def wait_words(wait: TooSoon) -> str:
    words: str = gettext("It was wrong before. Wait %(seconds)s seconds, then try again.", seconds=wait.seconds)
    return words


def _enter() -> Response | None:
    if request.endpoint == "static_file":
        return None
    if isinstance(request.routing_exception, SecurityError):
        raise request.routing_exception  # another host: not even the way to the card is told
    if sent_away := lan.ask_for_card():
        return sent_away  # type: ignore[return-value]
    if request.method not in ("GET", "HEAD"):
        forms.own_origin()
    if request.endpoint in AT_THE_MACHINE and not _takes_passphrases():
        g.said = gettext("This is done at the machine itself, not on a phone.")
        abort(403)
    g.register = open_register(current_app.config["FOLDER"])
    g.shift = shift.current(g.register)
    g.session = _session()
    if g.shift is not None and g.shift.clock == "trusted" and not g.trusted:
        shift.doubt_clock(g.register)
    if request.endpoint is None:
        return None
    if request.endpoint not in OPEN and g.session is None:
        return redirect(f"/{g.language.code}/sign-in", 303)  # type: ignore[return-value]
    if request.endpoint in COORDINATORS and g.session.role != COORDINATOR:
        g.said = gettext("This is for the coordinator: lock, and sign in with the passphrase.")
        abort(403)
    if request.endpoint in LARGEST:
        request.max_content_length = LARGEST[request.endpoint]
        request.max_form_memory_size = LARGEST_FIELD
    if request.method not in ("GET", "HEAD") and request.endpoint not in TOKEN_FREE:
        forms.own_form(g.session)
    return None


def _takes_passphrases() -> bool:
    door = lan.here()
    return door is None or door.coordinator


def _session() -> Session | None:
    """The session of this request: of the open shift, and of somebody who was not shut out since."""
    if g.shift is None:
        return None
    secret = request.cookies.get(cookie(), "")
    session = _sessions().find(secret, g.shift.id, tapped=request.endpoint not in BY_ITSELF)
    if session is not None and session.role != COORDINATOR and not is_admitted(g.register, session.number):
        _sessions().close(secret)
        return None
    return session


def _leave(error: BaseException | None) -> None:
    register = g.pop("register", None)
    if register is not None:
        register.close()


def _sessions() -> Sessions[Session]:
    sessions: Sessions[Session] = current_app.extensions["fieldref_sessions"]
    return sessions


def done_at_home(what: str) -> Response:
    """Lead to the staff home, which says once that *what* was done."""
    g.session.done = what
    answer: Response = redirect(f"/{g.language.code}/", 303)  # type: ignore[assignment]
    return answer
