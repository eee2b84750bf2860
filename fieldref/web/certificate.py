"""The certificate by which a phone knows the staff door: made here, signed by nobody else, compared by eye.

No authority can vouch for a box without internet, so a phone warns of it once. What tells it from somebody else's on
the same Wi-Fi is the SHA-256 fingerprint on the printed card.
"""

import datetime
import hashlib
import ipaddress
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from fieldref.database import write_whole
from fieldref.refusal import Refusal
from fieldref.register.codes import ALPHABET

FILE = Path("keys", "staff-door.pem")  # the key and the certificate in one, so that a power cut cannot part them
SYNC_FILE = Path("keys", "sync-door.pem")
WORD = 8  # letters: 40 bits that can only be tried at the door itself
COMMON_NAME = "fieldref"  # anybody on the Wi-Fi can read it: no name of a place
# A box without a clock battery wakes up in some other year, and a certificate must hold there too.
BEGINS = datetime.datetime(2020, 1, 1)
ENDS = datetime.datetime(2049, 12, 31)


@dataclass(frozen=True)
class Certificate:
    """One certificate: its SHA-256 `fingerprint` (32 bytes), the `hosts` it names, and the card's `word`.

    The word follows from the secret key: whoever reads it was shown the card, and who knows it learns nothing of
    the key.
    """

    fingerprint: bytes
    hosts: tuple[str, ...]
    word: str

    @property
    def rows(self) -> tuple[str, ...]:
        """The fingerprint as browsers show it, eight pairs a row, to be compared row by row."""
        pairs = [f"{byte:02X}" for byte in self.fingerprint]
        return tuple(" ".join(pairs[start : start + 8]) for start in range(0, 32, 8))


def certificate(folder: Path, hosts: tuple[str, ...], file: Path = FILE) -> Certificate:
    """Return the certificate in *folder* (of the door whose *file* it is), made for *hosts* if there is none yet.

    One that is there is kept whatever *hosts* are: cards with its fingerprint are in people's pockets.
    Raises Refusal where the file is damaged.
    """
    return _read(folder / file) if (folder / file).exists() else renew(folder, hosts, file)


def renew(folder: Path, hosts: tuple[str, ...], file: Path = FILE) -> Certificate:
    """Make a new key and certificate for *hosts* (addresses in figures, or names) in place of any there was."""
    key = ec.generate_private_key(ec.SECP256R1())
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    made = _self_signed(key, hosts)
    (folder / file.parent).mkdir(mode=0o700, exist_ok=True)
    write_whole(folder / file, secret + made.public_bytes(serialization.Encoding.PEM), mode=0o600)
    return _read(folder / file)


def _self_signed(key: ec.EllipticCurvePrivateKey, hosts: tuple[str, ...]) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, COMMON_NAME)])
    builder = x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(BEGINS).not_valid_after(ENDS)
    builder = builder.add_extension(x509.SubjectAlternativeName([_named(host) for host in hosts]), critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    return builder.sign(key, hashes.SHA256())


def _named(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _read(path: Path) -> Certificate:
    text = path.read_bytes()
    try:
        key = serialization.load_pem_private_key(text, None)
        found = x509.load_pem_x509_certificate(text)
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != found.public_key():
            raise ValueError
    except (ValueError, TypeError, x509.ExtensionNotFound):
        raise Refusal(f"{path} is damaged; fieldref staff-card --renew makes a new one, with a new card") from None
    return Certificate(found.fingerprint(hashes.SHA256()), tuple(str(each.value) for each in names), _word(key))


def _word(key: ec.EllipticCurvePrivateKey) -> str:
    secret = key.private_numbers().private_value.to_bytes(32, "big")
    digest = hashlib.blake2b(b"fieldref staff card", key=secret, digest_size=WORD).digest()
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest)
