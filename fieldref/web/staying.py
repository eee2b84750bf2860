"""How to stay in a Wi-Fi that has no internet, in few words and pictograms; and how to leave the sign-in window.

The window that opens by itself keeps no cookie, opens no second window and loads no file: this page needs none.
"""

from typing import NamedTuple

from flask import Blueprint, Response, abort, g, render_template

from fieldref.vocabulary import N_
from fieldref.web.pages import kept
from fieldref.web.paths import take_language

staying = Blueprint("staying", __name__, url_prefix="/<language:language>")
staying.url_value_preprocessor(take_language)


class Tap(NamedTuple):
    """One thing to tap: its pictogram and its name; `written` if it is a button, which a phone may have in English."""

    icon: str
    name: str
    written: bool = True


# What the phones' own sign-in windows call it (Android's CaptivePortalLogin; the iPhone's sheet).
ANDROID = (Tap("menu", N_("The three dots at the top"), written=False), Tap("check", N_("Use this network as is")))
IPHONE = (Tap("cross", N_("Cancel")), Tap("check", N_("Use without internet")))


@staying.before_request
def _only_offered() -> None:
    if g.language not in g.guide.languages:
        abort(404)


@staying.get("/stay")
def stay() -> Response:
    return kept(render_template("public/stay.html", phones=(("Android", ANDROID), ("iPhone", IPHONE))))
