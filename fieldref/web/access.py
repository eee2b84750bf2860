"""Nobody uses the staff door unless a session says so, and no form counts unless this door made it.

Default deny: a view that is not named in OPEN needs a session; a POST without its session's token is refused.
"""

import hmac

from flask import Flask, Response, abort, current_app, g, redirect, request

from fieldref.register import shift
from fieldref.register.schema import open_register
from fieldref.web.sessions import Session, Sessions

COOKIE = "fieldref_staff"
OPEN = frozenset({"first", "static_file", "staff.sign_in", "staff.sign_in_now"})
TOKEN_FREE = frozenset({"staff.sign_in_now"})  # nobody is signed in yet; the PIN itself is the secret


def guard(app: Flask) -> None:
    """Put the guard before every view of *app*; a request gets `g.register`, `g.shift` and `g.session`."""
    app.extensions["fieldref_sessions"] = Sessions()
    app.before_request(_enter)
    app.teardown_request(_leave)


def begin(answer: Response, role: str) -> None:
    """Sign the browser that gets *answer* in, under a secret that no earlier page can have known."""
    end(answer)
    secret, _ = _sessions().open(role, g.shift.id)
    answer.set_cookie(COOKIE, secret, httponly=True, samesite="Strict", path="/")


def end(answer: Response) -> None:
    """Sign the browser out, here and there."""
    _sessions().close(request.cookies.get(COOKIE, ""))
    answer.delete_cookie(COOKIE, path="/", samesite="Strict", httponly=True)


def _enter() -> Response | None:
    if request.endpoint == "static_file":
        return None
    if request.method not in ("GET", "HEAD"):
        _own_origin()
    g.register = open_register(current_app.config["FOLDER"])
    g.shift = shift.current(g.register)
    g.session = None
    if g.shift is not None:
        g.session = _sessions().find(request.cookies.get(COOKIE, ""), g.shift.id)
    if request.endpoint is None:
        return None
    if request.endpoint not in OPEN and g.session is None:
        return redirect(f"/{g.language.code}/sign-in", 303)  # type: ignore[return-value]
    if request.method not in ("GET", "HEAD") and request.endpoint not in TOKEN_FREE:
        _own_form(g.session)
    return None


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
