"""The documentation says what is there: commands, settings, files and links; and nothing of where it was written."""

import configparser
import re
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest

from fieldref.cli import commands
from fieldref.settings import Settings

ROOT = Path(__file__).parents[1]
DOCS = sorted([*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md"), ROOT / "seed" / "README.md"])
TEXT = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in DOCS}
COMMANDS_PAGE = TEXT["docs/commands.md"]
FOLDERS = "fieldref|tests|docs|seed|static|translations|benchmarks"


def leaves(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, by its whole name."""
    if not isinstance(command, click.Group):
        yield " ".join(("fieldref", *path)), command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        yield from leaves(command.get_command(context, name), (*path, name))


def options(command: click.Command) -> set[str]:
    return {name for each in command.params if isinstance(each, click.Option) for name in each.opts}


def said_of(name: str) -> str:
    """What docs/commands.md says under the heading of a command."""
    found = re.search(rf"^## {re.escape(name)}$(.*?)(?=^## |\Z)", COMMANDS_PAGE, re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


LEAVES = dict(leaves(commands))


@pytest.mark.parametrize("name", LEAVES)
def test_every_command_has_a_heading_and_every_option_is_named_under_it(name: str) -> None:
    assert said_of(name), f"docs/commands.md has no heading for {name}"
    assert options(LEAVES[name]) - set(re.findall(r"`(-[a-z-]+)", said_of(name))) == set()


def test_what_stands_before_a_command_is_named() -> None:
    top = COMMANDS_PAGE.split("\n## ", 1)[0]
    assert not [option for option in options(commands) if option not in top]


def test_no_heading_or_option_is_of_a_command_that_is_gone() -> None:
    headings = re.findall(r"^## (.+)$", COMMANDS_PAGE, re.MULTILINE)
    assert set(headings) <= set(LEAVES)
    for name in headings:
        assert set(re.findall(r"`(--[a-z-]+)", said_of(name))) - {"--folder"} <= options(LEAVES[name]), name


def typed(text: str) -> Iterator[list[str]]:
    """The commands that a text shows in blocks, without the remarks after them."""
    for line in re.findall(r"^ {4,}(fieldref .+)$", text, re.MULTILINE):
        yield shlex.split(re.split(r" {2,}| > ", line)[0])


@pytest.mark.parametrize("document", TEXT)
def test_commands_are_shown_as_they_can_be_typed(document: str) -> None:
    for words in typed(TEXT[document]):
        command: click.Command = commands
        rest = words[1:]
        if rest[0] == "--folder":
            rest = rest[2:]
        while isinstance(command, click.Group):
            found = command.get_command(click.Context(command), rest[0])
            assert found is not None, words
            command, rest = found, rest[1:]
        given = {word for word in rest if word.startswith("-")}
        assert given <= options(command) | {"--help", "-h"}, words


@pytest.mark.parametrize("setting", [field.name for field in fields(Settings)])
def test_every_setting_is_described(setting: str) -> None:
    assert re.search(rf"^\|.*`{setting}`.*\|.*\|.*\|$", TEXT["docs/settings.md"], re.MULTILINE)


def test_every_variable_of_the_environment_is_described() -> None:
    code = "".join(path.read_text("utf-8") for path in (ROOT / "fieldref").rglob("*.py"))
    read = set(re.findall(r"\bFIELDREF_[A-Z_]+", code))
    assert not [name for name in read if f"`{name}`" not in TEXT["docs/settings.md"]]


@pytest.mark.parametrize("document", TEXT)
def test_every_file_that_is_named_exists_and_holds_what_it_is_said_to(document: str) -> None:
    for path, name in re.findall(rf"`((?:{FOLDERS})/[^`\s:<>*]*)(?:::(\w+))?`", TEXT[document]):
        assert (ROOT / path).exists(), path
        if name:
            source = (ROOT / path).read_text("utf-8")
            assert re.search(rf"^\s*(?:(?:async )?def|class) {name}\b|^{name}\b", source, re.MULTILINE), (
                f"{path}::{name}"
            )


@pytest.mark.parametrize("document", TEXT)
def test_every_link_leads_somewhere(document: str) -> None:
    prose = re.sub(r"`[^`]*`", "", TEXT[document])
    for target in re.findall(r"\[[^\]]*\]\(([^)\s]+)\)|src=\"([^\"]+)\"", prose):
        address = target[0] or target[1]
        if re.match(r"https?://", address):
            continue
        file, _, heading = address.partition("#")
        there = (ROOT / document).parent / file if file else ROOT / document
        assert there.exists(), address
        if heading:
            assert heading in anchors(there.read_text("utf-8")), address


def anchors(text: str) -> set[str]:
    """The names that a host gives to the headings of a text."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_dependency_has_its_reason() -> None:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    extras = setup["options.extras_require"]
    lines = "\n".join([setup["options"]["install_requires"], *extras.values()]).split("\n")
    # fieldref[...] in an extra means other extras of ours.
    names = {re.split(r"[ <>=\[]", line)[0] for line in lines} - {"", "fieldref"}
    reasons = TEXT["docs/decisions/0001-dependencies.md"].lower()
    assert not [name for name in names if name.lower() not in reasons]


def test_no_file_tells_where_it_was_made() -> None:
    """No folder of a machine it was written on, and no host that packages were fetched from."""
    listed = subprocess.run(
        ["git", "ls-files", "-coz", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    names = listed.stdout.split("\0") if listed.returncode == 0 else TEXT
    assert not [found for name in names if (ROOT / name).is_file() for found in told(ROOT / name)]


# Each with one letter in brackets, so that this file does not find itself.
PLACES = re.compile(
    r"(?<![\w.)}-])/[w]ork/|/[t]mp/venv|/[o]pt/pypi|/[r]oot/|[p]ypi\.org|[p]ythonhosted\.org|[n]pmjs\.(org|com)|[c]rates\.io"
)


def told(path: Path) -> Iterator[str]:
    """The lines of a text file that name such a place."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except UnicodeDecodeError:
        return
    yield from (f"{path}:{number}" for number, line in enumerate(lines, 1) if PLACES.search(line))
