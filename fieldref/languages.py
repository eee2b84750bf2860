"""The one list of languages: how each is written in an address, named by its readers, and laid out.

A language is offered where the guide holds at least one page in it; being in this list is what makes
a folder name, a front matter or a setting understood.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Language:
    """One language.

    `code` stands in addresses and file names, `tag` in `lang=` (BCP 47), `locale` names the folder of
    translations/ and the CLDR data (Babel knows no `prs` or `kmr`), `own_name` is what its readers call it.
    """

    code: str
    tag: str
    locale: str
    own_name: str
    english: str
    direction: Literal["ltr", "rtl"]

    @property
    def comma(self) -> str:
        """What stands between two things of a list: all the right-to-left languages here are in Arabic script."""
        return "، " if self.direction == "rtl" else ", "


def _ltr(code: str, own_name: str, english: str, locale: str = "") -> Language:
    return Language(code, code, locale or code, own_name, english, "ltr")


def _rtl(code: str, own_name: str, english: str, locale: str = "") -> Language:
    return Language(code, code, locale or code, own_name, english, "rtl")


LANGUAGES: tuple[Language, ...] = (
    _ltr("en", "English", "English", "en_GB"),  # days before months, as most of the world reads them
    _ltr("fr", "Français", "French"),
    _ltr("es", "Español", "Spanish"),
    _rtl("ar", "العربية", "Arabic"),
    _rtl("fa", "فارسی", "Persian"),
    _rtl("prs", "دری", "Dari", "fa_AF"),
    _rtl("ps", "پښتو", "Pashto"),
    _rtl("ur", "اردو", "Urdu"),
    _ltr("kmr", "Kurmancî", "Kurmanji", "ku"),
    _rtl("ckb", "سۆرانی", "Sorani"),
    _ltr("tr", "Türkçe", "Turkish"),
    _ltr("so", "Soomaali", "Somali"),
    _ltr("om", "Afaan Oromoo", "Oromo"),
    _ltr("am", "አማርኛ", "Amharic"),
    _ltr("ti", "ትግርኛ", "Tigrinya"),
    _ltr("bn", "বাংলা", "Bengali"),
    _ltr("my", "မြန်မာ", "Burmese"),
    _ltr("ht", "Kreyòl ayisyen", "Haitian Creole"),
)

BY_CODE = {language.code: language for language in LANGUAGES}
SOURCE = BY_CODE["en"]


def language(code: str) -> Language:
    """Return the language written *code* in addresses; KeyError if the list has none."""
    return BY_CODE[code]
