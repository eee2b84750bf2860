"""A page read aloud, sent as phones ask for sound: whole, or the part that is to be played next."""

from flask import Blueprint, Response, abort, g, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wrappers import Response as WerkzeugResponse

from fieldref.guide.audio import Recording
from fieldref.web.headers import REVALIDATE
from fieldref.web.paths import take_language
from fieldref.web.statics import FOR_GOOD

listening = Blueprint("listening", __name__, url_prefix="/<language:language>/listen")
listening.url_value_preprocessor(take_language)


@listening.get("/<section>/<slug>")
def listen(section: str, slug: str) -> WerkzeugResponse:
    """The recording. Its bytes are never packed and never in the page cache: the guide holds them ready.

    The page links to it with its mark, and a phone keeps that for good; without the mark it asks each time.
    """
    if g.language not in g.guide.languages:
        abort(404)
    recording: Recording = g.guide.recording(g.language.code, section, slug) or abort(404)
    answer = Response(g.guide.sound(recording), content_type=recording.kind)
    answer.set_etag(recording.mark)
    answer.headers["Cache-Control"] = FOR_GOOD if request.args.get("v") == recording.mark else REVALIDATE
    try:
        return answer.make_conditional(request, accept_ranges=True, complete_length=recording.bytes)
    except RequestedRangeNotSatisfiable as error:
        return error.get_response()
