"""The way into the branch door and out of it."""

from flask import Blueprint, g, redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from fieldref.exchange.quarantine import MOST_MANAGERS
from fieldref.register.passphrase import PassphraseRefused
from fieldref.web import branch_access as access
from fieldref.web.paths import take_language
from fieldref.web.patience import TooSoon

signing = Blueprint("signing", __name__, url_prefix="/<language:language>")
signing.url_value_preprocessor(take_language)


@signing.get("/sign-in")
def sign_in() -> Response:
    if g.session is not None:
        return redirect(f"/{g.language.code}/", 303)
    return access.sign_in_page()


@signing.post("/sign-in", endpoint="sign_in_now")
def sign_in_now() -> Response:
    """Open the branch's keys with the passphrase, for this session."""
    typed = request.form.get("number", "1")
    number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= len(str(MOST_MANAGERS)) else 0
    if not 1 <= number <= MOST_MANAGERS:
        return access.sign_in_page(
            gettext("A manager's number is from 1 to %(most)s.", most=MOST_MANAGERS), 400
        )  # fmt: skip
    answer = redirect(f"/{g.language.code}/", 303)
    try:
        access.begin(answer, request.form.get("passphrase", "")[: access.LONGEST], number)
    except TooSoon as wait:
        return access.sign_in_page(access.wait_words(wait), 429)
    except PassphraseRefused:
        return access.sign_in_page(gettext("The passphrase is not right. Nothing was changed."))
    return answer


@signing.post("/sign-out")
def sign_out() -> Response:
    """Lock: the keys leave the memory of this process."""
    answer = redirect(f"/{g.language.code}/sign-in", 303)
    access.end(answer)
    return answer
