"""How far each language is: the table in README. `make languages`"""

import polib

from fieldref.folders import folder
from fieldref.guide import help, pages
from fieldref.languages import LANGUAGES, SOURCE

HEAD = """| language | pages | volunteers' help | checked by a speaker | out of date | interface |
|---|---|---|---|---|---|"""


def main() -> None:
    """Print a Markdown table of the shipped pages, help and interface words in each language that has any."""
    texts, _ = pages.read([folder("seed") / "pages"])
    helping, _ = help.read([folder("seed") / "help"])
    whole = sum(text.language == SOURCE.code for text in helping.texts)
    total = sum(page.language == SOURCE.code for page in texts)
    print(HEAD)
    for language in LANGUAGES:
        own = [page for page in texts if page.language == language.code]
        if own:
            helped = [text for text in helping.texts if text.language == language.code]
            signed = sum(page.translation in ("human", "reviewed") for page in (*own, *helped))
            checked = "source" if language is SOURCE else signed
            outdated = sum(page.outdated for page in (*own, *helped))
            name = f"{language.own_name} ({language.english})"
            counts = f"{len(own)} of {total} | {len(helped)} of {whole} | {checked} | {outdated}"
            print(f"| {name} | {counts} | {interface(language.locale)} |")


def interface(locale: str) -> str:
    """How much of the interface's words is translated; gettext's own count calls empty plurals translated."""
    path = folder("translations") / locale / "LC_MESSAGES" / "messages.po"
    return f"{polib.pofile(str(path)).percent_translated()} %" if path.exists() else "source"


if __name__ == "__main__":
    main()
