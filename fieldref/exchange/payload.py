"""What is inside a bundle: a small SQLite database whose schema is known to the letter.

Nothing but constants, because the child process that reads hostile files imports this. A format is never
changed once a bundle of it may exist: new columns are a new format beside the old. Format 2 added voices,
format 3 who was turned away, format 4 which edition of the branch's guide was served at closing.
"""

_REGISTER = {
    "referral": (
        "code",
        "day",
        "step",
        "need",
        "service",
        "priority",
        "way",
        "sex",
        "age_band",
        "travelling",
        "disability",
        "language",
        "consent",
    ),
    "outcome": ("id", "code", "day", "status", "reason"),
    "tally": ("id", "day", "step", "need", "people"),
    "withdrawal": ("id", "record", "reason"),
}
_VOICES = {
    "rating": ("id", "day", "page", "language", "useful", "reason"),
    "missing_service": ("id", "day", "language", "need"),
    "page_view": ("id", "day", "page", "language", "device", "count"),
}
_TURNED_AWAY = {"turned_away": ("id", "day", "step", "need", "people", "reason")}
_META = {"meta": ("name", "value")}

FORMATS: dict[int, dict[str, tuple[str, ...]]] = {
    1: _REGISTER | _META,
    2: _REGISTER | _VOICES | _META,
    3: _REGISTER | _VOICES | _TURNED_AWAY | _META,
    4: _REGISTER | _VOICES | _TURNED_AWAY | _META,
}
FORMAT = max(FORMATS)  # the one that is written; all are read
_SHIFT = ("format", "day", "clock")
# The names in `meta`, exactly these. `edition` is 0 for a guide of the safe-point's own files.
META: dict[int, tuple[str, ...]] = {1: _SHIFT, 2: _SHIFT, 3: _SHIFT, 4: (*_SHIFT, "edition")}
NEWEST_EDITION = 10**10 - 1  # ten figures, as in the name of a pack
TABLES = FORMATS[FORMAT]
INTEGERS = ("people", "count")
PAGE_SIZE = 1024
# Longer than any value of a record; a longer one is not ours.
LONGEST = 64


def table(name: str) -> str:
    """The CREATE TABLE of *name* as it stands in the payload, to the letter."""
    key, *others = TABLES[name]
    columns = [f"{key} TEXT PRIMARY KEY NOT NULL"]
    columns += [f"{other} {'INTEGER' if other in INTEGERS else 'TEXT'} NOT NULL" for other in others]
    return f"CREATE TABLE {name} ({', '.join(columns)}) STRICT, WITHOUT ROWID"


SCHEMAS = {number: sorted(("table", name, name, table(name)) for name in names) for number, names in FORMATS.items()}
