"""What each page weighs on its way to a phone that has nothing yet. `make bytes`"""

import re
import tempfile
from pathlib import Path

from werkzeug.test import Client

from fieldref import settings
from fieldref.guide.build import build
from fieldref.guide.opened import Guide
from fieldref.vocabulary import NEEDS, SECTIONS
from fieldref.web.public import create_public

FIRST_FLIGHT = 14_000  # bytes; ten TCP segments of 1,460, less the headers
PACKED = {"Accept-Encoding": "gzip"}


def main() -> None:
    """Print a table: a page a line, a language a column, packed bytes with the style sheet; the heaviest last."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings.write(folder, settings.Settings(name="Port Miralo", latitude=36.5, longitude=15.0, step="border"))
        guide = Guide(build(folder))
        phone = Client(create_public(folder))
        codes = [language.code for language in guide.languages]
        paths = ["", *(f"{section.code}/" for section in SECTIONS), *(page.address for page in guide.pages("en"))]
        paths += [*(f"needs/{need.code}" for need in NEEDS), "emergency", "search", "languages/", "near/", "for/"]
        paths += ["for/women", "keep/", "keep/codes", "keep/booklet", "missing", "onward/"]
        paths += [f"service/{service}" for service in guide.services("en")]
        table = {path: [weight(phone, f"/{code}/{path}") for code in codes] for path in paths}
    print(f"{'bytes, packed':34}" + "".join(f"{code:>8}" for code in codes))
    for path, weights in table.items():
        print(f"/{path:33}" + "".join(f"{each:8,}" for each in weights))
    heaviest = max(max(weights) for weights in table.values())
    print(f"\nheaviest {heaviest:,} of {FIRST_FLIGHT:,}; {len(paths) * len(codes)} pages")


def weight(phone: Client, path: str) -> int:
    """Packed bytes of the page and of its style sheets."""
    page = phone.get(path, headers=PACKED)
    sheets = re.findall(r'rel="stylesheet" href="([^"]+)"', phone.get(path).text)
    return len(page.data) + sum(len(phone.get(sheet, headers=PACKED).data) for sheet in sheets)


if __name__ == "__main__":
    main()
