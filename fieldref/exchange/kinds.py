"""Every kind of record that travels in a bundle: what happened, and what visitors told us."""

from fieldref.columns import Columns
from fieldref.register.columns import RECORDS
from fieldref.voices import VOICES

KINDS: dict[str, Columns] = RECORDS | VOICES
