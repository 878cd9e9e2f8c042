"""The company's own small certificate authority: made in home at first use, its keys readable by their owner only."""

import hashlib
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

_AUTHORITY: Final = timedelta(days=3650)
_SIGNATORY: Final = timedelta(days=730)
_SKEW: Final = timedelta(minutes=5)

Key: TypeAlias = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
"""New ones are of the curve P-256, which is made and read a hundred times faster; one that was made with RSA goes on."""


@dataclass(frozen=True)
class Identity:
    """A certificate and the key that signs in its name."""

    certificate: x509.Certificate
    key: Key

    @property
    def serial(self) -> str:
        """The certificate's number, as it is written into the record."""
        return f"{self.certificate.serial_number:x}"


class Certificates:
    """Who may sign what by certificate: the authority itself, seals of the company's entities, and people."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @classmethod
    def at(cls, home: Path) -> "Certificates":
        """The certificates of this installation."""
        return cls(home / "signing")

    def authority(self) -> Identity:
        """The authority; whoever trusts it trusts every signature made here."""
        return self._kept("authority", lambda: _issued(_name("Baton signing authority", ""), None))

    def of(self, name: str, organisation: str, email: str = "") -> Identity:
        """The certificate of a person or a seal, issued when it is first asked for and again when it ran out."""
        digest = hashlib.sha256(f"{name}\0{organisation}\0{email}".encode()).hexdigest()[:24]
        return self._kept(f"signatory-{digest}", lambda: _issued(_name(name, organisation, email), self.authority()))

    def _kept(self, name: str, make: Callable[[], Identity]) -> Identity:
        path = self._folder / f"{name}.pem"
        found = _read(path)
        if found is None or found.certificate.not_valid_after_utc - _SKEW < datetime.now(UTC):
            _write(path, make(), first_wins=found is None)
            found = _read(path)
        assert found is not None, f"certificate `{path}` vanished"
        return found


def _name(name: str, organisation: str, email: str = "") -> x509.Name:
    said = ((NameOID.COMMON_NAME, name), (NameOID.ORGANIZATION_NAME, organisation), (NameOID.EMAIL_ADDRESS, email))
    return x509.Name([x509.NameAttribute(kind, value[:64]) for kind, value in said if value])


def _issued(subject: x509.Name, issuer: Identity | None) -> Identity:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    lasts = _SIGNATORY if issuer else _AUTHORITY
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SKEW)
        .not_valid_after(now + lasts)
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=0 if issuer is None else None), critical=True)
        .add_extension(_usage(authority=issuer is None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if issuer is not None:
        above = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())
        made = made.add_extension(above, critical=False)
    return Identity(made.sign((issuer.key if issuer else key), hashes.SHA256()), key)


def _usage(authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _read(path: Path) -> Identity | None:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    key = serialization.load_pem_private_key(data, None)
    assert isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey)
    return Identity(x509.load_pem_x509_certificate(data[data.index(b"-----BEGIN CERTIFICATE") :]), key)


def _write(path: Path, identity: Identity, first_wins: bool) -> None:
    """Key and certificate in one file, whole or not at all, so that two workers that start together end up with one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    plain = serialization.NoEncryption()
    data = identity.key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    data += identity.certificate.public_bytes(serialization.Encoding.PEM)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".making-")  # readable by its owner only
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            os.fsync(file.fileno())
        if first_wins:
            os.link(temporary, path)
        else:
            os.replace(temporary, path)
    except FileExistsError:
        pass
    finally:
        Path(temporary).unlink(missing_ok=True)
