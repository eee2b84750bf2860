"""The question of consent read aloud in the person's language, where somebody has recorded it."""

from flask import Blueprint, Response, abort, current_app, g, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wrappers import Response as WerkzeugResponse

from fieldref.guide.question import recorded
from fieldref.web.paths import take_language

consent = Blueprint("consent", __name__, url_prefix="/<language:language>/consent")
consent.url_value_preprocessor(take_language)


@consent.get("")
def question() -> WerkzeugResponse:
    """The recording for the person who stands here: which language that is, the address does not say."""
    sound = recorded(current_app.config["FOLDER"], g.session.person) or abort(404)
    answer = Response(sound.content(), content_type=sound.kind)
    try:
        return answer.make_conditional(request, accept_ranges=True, complete_length=sound.size)
    except RequestedRangeNotSatisfiable as error:
        return error.get_response()
