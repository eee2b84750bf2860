"""What is inside a bundle: a small SQLite database, format 1, whose schema is known to the letter.

Nothing but constants, because the child process that reads hostile files imports this. A format is never
changed once a bundle of it may exist: new columns are a new format beside the old.
"""

FORMAT = 1
META = ("format", "day", "clock")
TABLES = {
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
    "meta": ("name", "value"),
}
INTEGERS = ("people",)
PAGE_SIZE = 1024
# Longer than any value of a record; a longer one is not ours.
LONGEST = 64


def table(name: str) -> str:
    """The CREATE TABLE of *name* as it stands in the payload, to the letter."""
    key, *others = TABLES[name]
    columns = [f"{key} TEXT PRIMARY KEY NOT NULL"]
    columns += [f"{other} {'INTEGER' if other in INTEGERS else 'TEXT'} NOT NULL" for other in others]
    return f"CREATE TABLE {name} ({', '.join(columns)}) STRICT, WITHOUT ROWID"


SCHEMA = sorted(("table", name, name, table(name)) for name in TABLES)
