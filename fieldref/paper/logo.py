"""The society's own mark, placed on posters: a file logo.svg, logo.png or logo.jpg in the folder of the safe-point.

fieldref ships none: the emblems of the Movement are protected by the Geneva Conventions, and each society has rules
for its own. Of an SVG only shapes are let through, so that it can neither run nor fetch anything.
"""

import base64
import re
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from fieldref.refusal import Refusal

LARGEST = 300_000  # bytes
SVG = "http://www.w3.org/2000/svg"
XLINK = "{http://www.w3.org/1999/xlink}href"
SHAPE = re.compile(
    "svg|g|path|rect|circle|ellipse|line|polyline|polygon|defs|linearGradient|radialGradient|stop|clipPath|use|symbol"
)
ATTRIBUTE = re.compile(
    r"(?:id|d|x|y|x1|x2|y1|y2|cx|cy|r|rx|ry|width|height|points|transform|viewBox|fx|fy|offset|href|version"
    r"|preserveAspectRatio|opacity|clip-path|clip-rule|fill(?:-opacity|-rule)?|stop-color|stop-opacity"
    r"|stroke(?:-width|-linecap|-linejoin|-miterlimit|-dasharray|-opacity)?|gradientUnits|gradientTransform)"
)
INSIDE = re.compile(r"#[\w.-]+|url\(#[\w.-]+\)")  # what leads to another part of the same picture
LEADS = re.compile(r"url\s*\(|[a-z+.-]+:|//|\\", re.IGNORECASE)
KINDS = {"svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg"}
MAGIC = {"png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff"}


@dataclass(frozen=True)
class Logo:
    """A picture that is safe to show; `kind` is its media type."""

    kind: str
    content: bytes

    @property
    def data_uri(self) -> str:
        """The picture as an address that holds it."""
        return f"data:{self.kind};base64,{base64.b64encode(self.content).decode()}"


def logo_in(folder: Path) -> Logo | None:
    """Return the logo in *folder*, or None. Raises Refusal, in words, for a file that is no such picture."""
    for ending in KINDS:
        path = folder / f"logo.{ending}"
        if path.is_file():
            return read(path)
    return None


def read(path: Path) -> Logo:
    """Return the picture at *path*. Raises Refusal for one that is too large, or not what its name says."""
    ending = path.suffix.lower().lstrip(".").replace("jpeg", "jpg")
    if ending not in KINDS:
        raise Refusal(f"{path.name} is no picture: take an SVG, PNG or JPEG file")
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Refusal(f"{path.name} is larger than {LARGEST // 1000} kB")
    if ending == "svg":
        content = _only_shapes(content, path.name)
    elif not content.startswith(MAGIC[ending]):
        raise Refusal(f"{path.name} is not a {ending.upper()} picture")
    return Logo(KINDS[ending], content)


def _only_shapes(content: bytes, name: str) -> bytes:
    try:
        # As text: in another encoding, which its first line may name, a parser reads what we have not looked for.
        text = content.decode("utf-8-sig")
        if "<!" in re.sub("<!--.*?-->", "", text, flags=re.DOTALL):
            raise Refusal(f"{name} has a <!DOCTYPE> or <![CDATA[: save it as a plain SVG")
        root = ElementTree.fromstring(text)  # noqa: S314 (nothing that could define an entity is left)
    except (ElementTree.ParseError, ValueError):
        raise Refusal(f"{name} is not an SVG picture") from None
    if root.tag not in (f"{{{SVG}}}svg", "svg"):
        raise Refusal(f"{name} is not an SVG picture")
    ElementTree.register_namespace("", SVG)
    try:
        cleaned: bytes = ElementTree.tostring(_cleaned(root), encoding="utf-8")
    except RecursionError:
        raise Refusal(f"{name} is nested too deep: save it as a plain SVG") from None
    return cleaned


def _cleaned(element: ElementTree.Element) -> ElementTree.Element:
    """The element with known shapes and attributes alone; a style attribute goes, and with it what it could fetch."""
    kept = ElementTree.Element(f"{{{SVG}}}{_local(element.tag)}")
    for key, value in _attributes(element).items():
        inside = INSIDE.fullmatch(value.strip()) is not None
        if ATTRIBUTE.fullmatch(key) and (inside or (key != "href" and not LEADS.search(value))):
            kept.set(key, value)
    kept.extend(
        [_cleaned(child) for child in element if isinstance(child.tag, str) and SHAPE.fullmatch(_local(child.tag))]
    )
    return kept


def _attributes(element: ElementTree.Element) -> dict[str, str]:
    """The attributes, and the properties of a style attribute, which drawing programs write instead."""
    found = {"href" if key == XLINK else key: value for key, value in element.attrib.items()}
    for part in found.pop("style", "").split(";"):
        key, _, value = part.partition(":")
        found[key.strip()] = value.strip()
    return found


def _local(tag: str) -> str:
    space, _, name = tag.rpartition("}")
    return name if space in ("", f"{{{SVG}") else ""
