"""Nobody uses the staff door unless a session says so, and no form counts unless this door made it.

Default deny: a view that is not named in OPEN needs a session; one named in COORDINATORS needs a coordinator's; a POST
without its session's token is refused.
"""

import hmac

from flask import Flask, Response, abort, current_app, g, make_response, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response as WerkzeugResponse

from fieldref.register import shift
from fieldref.register.access import COORDINATOR, is_admitted, volunteers
from fieldref.register.schema import open_register
from fieldref.web.sessions import IDLE, Session, Sessions

COOKIE = "fieldref_staff"
# Nobody is signed in yet; the PIN or the passphrase itself is the secret.
TOKEN_FREE = frozenset({"staff.sign_in_now", "shifting.open_now", "shifting.sign_in"})
OPEN = TOKEN_FREE | {"first", "static_file", "staff.sign_in"}
COORDINATORS = frozenset(
    {"shifting.page", "shifting.add", "shifting.shut_out", "shifting.close"},
)


def guard(app: Flask) -> None:
    """Put the guard before every view of *app*; a request gets `g.register`, `g.shift` and `g.session`."""
    app.extensions["fieldref_sessions"] = Sessions()
    app.before_request(_enter)
    app.after_request(_blank_when_idle)
    app.teardown_request(_leave)


def begin(answer: WerkzeugResponse, role: str, number: int = 0) -> Session:
    """Sign the browser that gets *answer* in, under a secret that no earlier page can have known."""
    end(answer)
    secret, session = _sessions().open(role, g.shift.id, number)
    answer.set_cookie(COOKIE, secret, httponly=True, samesite="Strict", path="/")
    return session


def end(answer: WerkzeugResponse) -> None:
    """Sign the browser out, here and there."""
    _sessions().close(request.cookies.get(COOKIE, ""))
    answer.delete_cookie(COOKIE, path="/", samesite="Strict", httponly=True)


def sign_in_page(refused: str) -> WerkzeugResponse:
    """Where one signs in; a browser that still has the cookie of a session is told why that has ended."""
    page = render_template(
        "staff/sign-in.html",
        refused=refused,
        volunteers=[each for each in volunteers(g.register) if not each.disabled],
        ended=COOKIE in request.cookies and not refused,
    )
    return make_response(page, 403 if refused else 200)


def _enter() -> Response | None:
    if request.endpoint == "static_file":
        return None
    if request.method not in ("GET", "HEAD"):
        _own_origin()
    g.register = open_register(current_app.config["FOLDER"])
    g.shift = shift.current(g.register)
    g.session = _session()
    if g.shift is not None and g.shift.clock == "trusted" and not g.trusted:
        shift.doubt_clock(g.register)
    if request.endpoint is None:
        return None
    if request.endpoint not in OPEN and g.session is None:
        return redirect(f"/{g.language.code}/sign-in", 303)  # type: ignore[return-value]
    if request.method not in ("GET", "HEAD") and request.endpoint not in TOKEN_FREE:
        _own_form(g.session)
    if request.endpoint in COORDINATORS and g.session.role != COORDINATOR:
        g.said = gettext("This is for the coordinator: lock, and sign in with the passphrase.")
        abort(403)
    return None


def _session() -> Session | None:
    """The session of this request: of the open shift, and of somebody who was not shut out since."""
    if g.shift is None:
        return None
    secret = request.cookies.get(COOKIE, "")
    session = _sessions().find(secret, g.shift.id)
    if session is not None and session.role != COORDINATOR and not is_admitted(g.register, session.number):
        _sessions().close(secret)
        return None
    return session


def _blank_when_idle(answer: Response) -> Response:
    """A screen that nobody touches goes to the sign-in page by itself, once the session has ended."""
    if g.get("session") is not None and answer.mimetype == "text/html":
        answer.headers["Refresh"] = f"{IDLE + 5}; url=/{g.language.code}/sign-in"
    return answer


def _own_origin() -> None:
    """A browser says where a form came from; another site's is refused, and so is one that hides it."""
    origin = request.headers.get("Origin")
    if origin is not None and origin != request.host_url.rstrip("/"):
        abort(403)
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(403)


def _own_form(session: Session | None) -> None:
    # Only the body counts: a token in an address would end up in a history.
    sent = request.form.get("token", "")
    if session is None or not hmac.compare_digest(sent.encode(), session.token.encode()):
        abort(403)


def _leave(error: BaseException | None) -> None:
    register = g.pop("register", None)
    if register is not None:
        register.close()


def _sessions() -> Sessions:
    sessions: Sessions = current_app.extensions["fieldref_sessions"]
    return sessions


def done_at_home(what: str) -> Response:
    """Lead to the staff home, which says once that *what* was done."""
    g.session.done = what
    answer: Response = redirect(f"/{g.language.code}/", 303)  # type: ignore[assignment]
    return answer
