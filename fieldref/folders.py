"""Where the shipped folders lie: inside an installed package, beside it in a checkout."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
HOMES = (PACKAGE, PACKAGE.parent)


def folder(name: str) -> Path:
    """Return the shipped folder *name*: static, translations, seed or templates.

    Raises FileNotFoundError where the installation lacks it.
    """
    for home in HOMES:
        if (home / name).is_dir():
            return home / name
    raise FileNotFoundError(f"no {name}/ folder in {HOMES[0]} or {HOMES[1]}")
