"""How far each language is: the table in README. `make languages`"""

import polib

from fieldref.folders import folder
from fieldref.guide import pages
from fieldref.languages import LANGUAGES, SOURCE

HEAD = "| language | pages | checked by a speaker | out of date | interface |\n|---|---|---|---|---|"


def main() -> None:
    """Print a Markdown table of the shipped pages and interface words in each language that has any."""
    texts, _ = pages.read([folder("seed") / "pages"])
    total = sum(page.language == SOURCE.code for page in texts)
    print(HEAD)
    for language in LANGUAGES:
        own = [page for page in texts if page.language == language.code]
        if own:
            signed = sum(page.translation in ("human", "reviewed") for page in own)
            checked = "source" if language is SOURCE else signed
            outdated = sum(page.outdated for page in own)
            name = f"{language.own_name} ({language.english})"
            print(f"| {name} | {len(own)} of {total} | {checked} | {outdated} | {interface(language.locale)} |")


def interface(locale: str) -> str:
    """How much of the interface's words is translated; gettext's own count calls empty plurals translated."""
    path = folder("translations") / locale / "LC_MESSAGES" / "messages.po"
    return f"{polib.pofile(str(path)).percent_translated()} %" if path.exists() else "source"


if __name__ == "__main__":
    main()
