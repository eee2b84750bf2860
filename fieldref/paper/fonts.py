"""The letters of a PDF: a font for each script, found where systems keep theirs, or named as missing.

None is shipped: those of all scripts together are larger than the rest of fieldref, and the systems that we name have
them. A browser's print needs nothing of this.
"""

import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fieldref.languages import Language
from fieldref.refusal import Refusal

LATIN = "latin"
SCRIPTS = {
    **dict.fromkeys(("ar", "fa", "prs", "ps", "ur", "ckb"), "arabic"),
    "bn": "bengali",
    **dict.fromkeys(("am", "ti"), "ethiopic"),
    "my": "myanmar",
}
# Regular and bold, the best first: Noto, then what Windows and macOS bring.
FILES = {
    LATIN: (
        ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf"),
        ("segoeui.ttf", "segoeuib.ttf"),
        ("Arial.ttf", "Arial Bold.ttf"),
        ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"),
    ),
    "arabic": (
        ("NotoSansArabic-Regular.ttf", "NotoSansArabic-Bold.ttf"),
        ("NotoNaskhArabic-Regular.ttf", "NotoNaskhArabic-Bold.ttf"),
        ("segoeui.ttf", "segoeuib.ttf"),
    ),
    "bengali": (("NotoSansBengali-Regular.ttf", "NotoSansBengali-Bold.ttf"), ("Nirmala.ttf", "NirmalaB.ttf")),
    "ethiopic": (("NotoSansEthiopic-Regular.ttf", "NotoSansEthiopic-Bold.ttf"), ("ebrima.ttf", "ebrimabd.ttf")),
    "myanmar": (("NotoSansMyanmar-Regular.ttf", "NotoSansMyanmar-Bold.ttf"), ("mmrtext.ttf", "mmrtextb.ttf")),
}
LANGUAGE_OF = {LATIN: "en", "arabic": "ar", "bengali": "bn", "ethiopic": "am", "myanmar": "my"}
ENDINGS = (".ttf", ".otf")


@dataclass(frozen=True)
class Font:
    """The files of one script."""

    script: str
    regular: Path
    bold: Path


def script_of(language: Language) -> str:
    """Return the script that *language* is written in, by the name it has here."""
    return SCRIPTS.get(language.code, LATIN)


def font(script: str) -> Font:
    """Return the font for *script*. Raises Refusal, which says how to get one, where there is none."""
    for regular, bold in FILES[script]:
        if path := _installed().get(regular.lower()):
            return Font(script, path, _installed().get(bold.lower(), path))
    if path := _matched(LANGUAGE_OF[script]):
        return Font(script, path, path)
    name = FILES[script][0][0]
    raise Refusal(
        f"this machine has no letters for {script}: sudo apt install fonts-noto-core, or put {name} from"
        f" notofonts.github.io into {_own()}. Without it, print the HTML from a browser"
    )


def _own() -> Path:
    return Path.home() / (".local/share/fonts" if os.name == "posix" else "AppData/Local/Microsoft/Windows/Fonts")


def _folders() -> list[Path]:
    system = ["/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "/System/Library/Fonts"]
    windows = [Path(os.environ["WINDIR"], "Fonts")] if "WINDIR" in os.environ else []
    return [_own(), Path.home() / ".fonts", Path.home() / "Library/Fonts", *map(Path, system), *windows]


@cache
def _installed() -> dict[str, Path]:
    """Every font file of this machine, by its name in small letters; of two, the user's own."""
    found: dict[str, Path] = {}
    for folder in _folders():
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.suffix.lower() in ENDINGS:
                found.setdefault(path.name.lower(), path)
    return found


@cache
def _matched(language: str) -> Path | None:
    """What fontconfig, where it is, would take for *language*; it always takes something, so that is checked."""
    program = shutil.which("fc-list")
    if program is None:
        return None
    asked = [program, "-f", "%{file}\n", f":lang={language}"]
    listed = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=20).stdout  # noqa: S603
    return next((Path(line) for line in sorted(listed.splitlines()) if line.lower().endswith(ENDINGS)), None)
