"""Bundles that come to the branch: files are sent in, one or many, and each is merged or refused."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, current_app, g, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from fieldref.exchange import chain, merge
from fieldref.exchange.chain import SafePointState
from fieldref.exchange.group import Merged
from fieldref.guide import directory, freshness, packs
from fieldref.web import branch_access as access
from fieldref.web.incoming import paths_of
from fieldref.web.paths import take_language
from fieldref.web.refusals import BUNDLES, in_words

collecting = Blueprint("collecting", __name__, url_prefix="/<language:language>")
collecting.url_value_preprocessor(take_language)

MOST_SHOWN = 1000  # files that a session remembers what came of


@dataclass(frozen=True)
class Came:
    """What came of one file, for the screen: `notes` are codes of what to look at, `why` the reason of a refusal."""

    name: str
    merged: Merged
    notes: tuple[str, ...]
    why: str

    @property
    def look(self) -> bool:
        return bool(self.notes) or self.merged.quarantined > 0

    @property
    def day(self) -> date | None:
        return date.fromisoformat(self.merged.day) if self.merged.day else None


@collecting.get("/")
def page() -> str:
    """What came of the files of this session, and how every safe-point stands."""
    states = chain.safe_points(g.register)
    return render_template(
        "branch/receive.html",
        came=[_told(name, merged, states) for name, merged in reversed(g.session.came)],
        sums=_sums(merged for _, merged in g.session.came),
        states=[(state, _day(state.day), troubles(state)) for state in states],
        newest=newest_edition(),
        stale=_stale(),
        done=g.session.say_once(),
    )


@collecting.post("/take")
def take() -> Response | str:
    """Merge the files that were sent in. A script sends them one by one and gets what came of each."""
    sent = paths_of("files", request)
    if not sent:
        return access.said_at("", gettext("Choose the file first."))
    results = merge.merge_each(g.register, access.keys(), [path for _, path in sent])
    came = [(name, merged) for (name, _), merged in zip(sent, results, strict=True)]
    g.session.came = (g.session.came + came)[-MOST_SHOWN:]
    if "one" not in request.form:
        return access.said_at("", "")
    states = chain.safe_points(g.register)
    return render_template("branch/_came.html", came=[_told(name, merged, states) for name, merged in came])


@collecting.post("/clear")
def clear() -> Response:
    """Forget what came of the files; what was merged stays."""
    g.session.came = []
    return access.said_at("", "")


def troubles(state: SafePointState) -> tuple[str, ...]:
    """What is to be looked at in a safe-point, as codes: gaps, forks, strays, clock."""
    return tuple(
        code
        for code, there in (
            ("gaps", state.gaps),
            ("forks", state.forks),
            ("strays", state.strays),
            ("clock", state.clock == "untrusted"),
        )
        if there and not state.revoked
    )


def newest_edition() -> int:
    """The last edition of the guide that this branch published; 0 for none."""
    return max(packs.kept(current_app.config["FOLDER"]), default=0)


def _told(name: str, merged: Merged, states: Iterable[SafePointState]) -> Came:
    why = in_words(merged.reason, BUNDLES) if merged.reason else ""
    return Came(name, merged, _notes(merged, states) if merged.state == "new" else (), why)


def _notes(merged: Merged, states: Iterable[SafePointState]) -> tuple[str, ...]:
    its = [each for each in states if each.name == merged.safe_point]
    found = {
        "gap": any(last == merged.sequence - 1 for each in its for _, last in each.gaps),
        "fork": any(merged.sequence in each.forks for each in its),
        "stray": any(merged.sequence in each.strays for each in its),
    }
    return tuple(code for code, there in found.items() if there)


def _sums(every: Iterable[Merged]) -> dict[str, int]:
    sums = {"new": 0, "already here": 0, "refused": 0}
    for merged in every:
        sums[merged.state] += 1
    return sums


def _stale() -> int:
    """How many services of the branch's own directory should be verified again."""
    where, sample = directory.folder_of(current_app.config["FOLDER"])
    if sample:
        return 0
    services = directory.read(where)[0].services
    return sum(freshness.state(each, g.now.date()) == "stale" for each in services)


def _day(written: str) -> date | None:
    return date.fromisoformat(written) if written else None
