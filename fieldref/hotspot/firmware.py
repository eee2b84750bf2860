"""How many phones a Raspberry Pi's own radio carries, and how it carries more. Figures are others' reports."""

from pathlib import Path

MINIMAL = Path("lib", "firmware", "cypress", "cyfmac43455-sdio-minimal.bin")
SWITCH = f"sudo update-alternatives --set cyfmac43455-sdio.bin /{MINIMAL.as_posix()} && sudo reboot"


def hint(root: Path) -> str:
    """Return what can be done for more phones on this machine; empty where there is nothing that we know of."""
    if not (root / MINIMAL).exists():
        return ""
    return (
        "More phones: with its usual firmware the radio of a Raspberry Pi 3B+, 4 or 5 carries about 8 phones, with the"
        " minimal one, which is here already, 19 or 20 (others report so; measured by nobody here). To change it:"
        f"\n  {SWITCH}"
    )
