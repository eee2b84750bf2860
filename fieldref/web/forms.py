"""What makes a form count, at every door where somebody signs in: it is our own page's, and this session's."""

import hmac

from flask import Response, abort, g, request

from fieldref.web.sessions import IDLE, SignedIn


def own_origin() -> None:
    """A browser says where a form came from; another site's is refused, and so is one that hides it."""
    origin = request.headers.get("Origin")
    if origin is not None and origin != request.host_url.rstrip("/"):
        abort(403)
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(403)


def own_form(session: SignedIn | None) -> None:
    """Refuse a form without the session's token."""
    # Only the body counts: a token in an address would end up in a history.
    sent = request.form.get("token", "")
    if session is None or not hmac.compare_digest(sent.encode(), session.token.encode()):
        abort(403)


def blank_when_idle(answer: Response) -> Response:
    """A screen that nobody touches goes to the sign-in page by itself, once the session has ended."""
    if g.get("session") is not None and answer.mimetype == "text/html":
        answer.headers["Refresh"] = f"{IDLE + 5}; url=/{g.language.code}/sign-in"
    return answer
