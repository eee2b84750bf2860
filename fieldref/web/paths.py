"""The language of an answer is the first part of its address, at every door: mini-browsers keep no cookie."""

from typing import Any

from flask import g
from werkzeug.routing import BaseConverter, ValidationError

from fieldref.languages import BY_CODE, SOURCE, Language


class LanguageInPath(BaseConverter):
    """The first part of an address: the code of a language that the list knows."""

    regex = "[a-z]{2,3}"

    def to_python(self, value: str) -> Language:
        if value not in BY_CODE:
            raise ValidationError
        return BY_CODE[value]

    def to_url(self, value: Language) -> str:
        return value.code


def take_language(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Move the language from the address to `g.language`, so that no view has to name it."""
    g.language = (values or {}).pop("language", SOURCE)
