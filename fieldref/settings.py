"""fieldref.toml: what one safe-point or branch folder says of itself. A mistake in it stops the start, in words."""

import json
import re
import tomllib
import unicodedata
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal

from fieldref.languages import BY_CODE
from fieldref.refusal import Refusal
from fieldref.vocabulary import STEPS, UNSAID, codes

FILE_NAME = "fieldref.toml"
COUNTRY = re.compile("[A-Z]{2}")  # ISO 3166; its public holidays, where the library knows them
NAME_TO_TYPE = re.compile(r"(?=.{1,63}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
INTERFACE = re.compile("[A-Za-z][A-Za-z0-9_-]{0,14}")  # the name of a radio, as Linux has it
CHANNELS = (1, 6, 11)  # the three that do not overlap, allowed in every country


class SettingsError(Refusal):
    """The settings cannot be used; the message says which one and why."""


@dataclass(frozen=True)
class Settings:
    """Everything that differs from place to place.

    Coordinates are WGS 84 degrees. `step` is where on the journey people are here. `address` is what phones
    open (a host, in figures where possible); empty means the address of this machine. `network` is the name
    of the Wi-Fi; an empty `password` is an open network. `name_to_type` is a name that the hotspot answers
    with its own address; `interface` and `channel` are those of its radio.
    """

    name: str
    kind: Literal["safe-point", "branch"] = "safe-point"
    languages: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    step: str = "unsaid"
    country: str = ""
    emergency_number: str = "112"
    address: str = ""
    network: str = ""
    password: str = ""
    branch_address: str = ""
    name_to_type: str = "help.lan"
    interface: str = "wlan0"
    channel: int = 6

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise SettingsError("the name of the place is empty")
        if any(unicodedata.category(each) == "Cc" for each in self.name):
            raise SettingsError("the name of the place is one line of letters; it holds a control character")
        for code in self.languages:
            if code not in BY_CODE:
                raise SettingsError(f"there is no language {code}; the codes are {', '.join(BY_CODE)}")
        if self.step not in codes(*STEPS, UNSAID):
            raise SettingsError(
                f"there is no journey step {self.step}; the codes are {', '.join(sorted(codes(*STEPS)))}"
            )
        if self.kind not in ("safe-point", "branch"):
            raise SettingsError(f'kind is "{self.kind}"; it must be "safe-point" or "branch"')
        if self.country and not COUNTRY.fullmatch(self.country):
            raise SettingsError(f'country is "{self.country}"; it must be two capital letters, like GR')
        if (self.latitude is None) != (self.longitude is None):
            raise SettingsError("latitude and longitude go together; one of them is missing")
        if self.latitude is not None and not -90 <= self.latitude <= 90:
            raise SettingsError(f"latitude {self.latitude} is not between -90 and 90")
        if self.longitude is not None and not -180 <= self.longitude <= 180:
            raise SettingsError(f"longitude {self.longitude} is not between -180 and 180")
        if not 0 <= len(self.network.encode()) <= 32:
            raise SettingsError("the name of a Wi-Fi network is at most 32 bytes long")
        if self.password and not 8 <= len(self.password) <= 63:
            raise SettingsError("the password of a Wi-Fi network has 8 to 63 characters")
        if not NAME_TO_TYPE.fullmatch(self.name_to_type) or self.name_to_type.endswith(".local"):
            raise SettingsError(
                f'name_to_type is "{self.name_to_type}"; it must be a name like help.lan, and not in .local'
            )
        if not INTERFACE.fullmatch(self.interface):
            raise SettingsError(f'interface is "{self.interface}"; it must be the name of a radio, like wlan0')
        if self.channel not in CHANNELS:
            raise SettingsError(f"channel is {self.channel}; it must be 1, 6 or 11")


def read(folder: Path) -> Settings:
    """Read the settings of *folder*. Raises SettingsError, in words, if there are none or one is wrong."""
    path = folder / FILE_NAME
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise SettingsError(
            f"{folder} is not a fieldref folder: it has no {FILE_NAME} (fieldref init makes one)"
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from None
    return _settings(path, found)


def write(folder: Path, settings: Settings) -> None:
    """Write *settings* to a new *folder*; FileExistsError if it already has some."""
    lines = [f"{name} = {_toml(value)}" for name, value in asdict(settings).items() if value is not None]
    with (folder / FILE_NAME).open("x", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


def _settings(path: Path, found: dict[str, Any]) -> Settings:
    known = {field.name: field.type for field in fields(Settings)}
    for name, value in found.items():
        if name not in known:
            raise SettingsError(f"{path}: there is no setting {name}")
        if name == "languages":
            if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
                raise SettingsError(f'{path}: languages must be a list, like ["en", "ar"]')
            found[name] = tuple(value)
        elif name in ("latitude", "longitude"):
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise SettingsError(f"{path}: {name} must be a number, like 36.5")
        elif name == "channel":
            if isinstance(value, bool) or not isinstance(value, int):
                raise SettingsError(f"{path}: channel must be 1, 6 or 11")
        elif not isinstance(value, str):
            raise SettingsError(f"{path}: {name} must be words in quotes")
    if "name" not in found:
        raise SettingsError(f"{path}: the name of the place is missing")
    try:
        return Settings(**found)
    except SettingsError as error:
        raise SettingsError(f"{path}: {error}") from None


def _toml(value: Any) -> str:
    # A JSON string is a TOML basic string; so is a list of them.
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
