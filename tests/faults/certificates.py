"""Certificates for a portal on loopback: a good one of our own authority, and the bad ones that a line may show."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "portal.test"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Certificates:
    """`authority` is the file that the kiosk trusts; the contexts are what a server on the line may show."""

    authority: Path
    contexts: dict[str, ssl.SSLContext]


def make(folder: Path) -> Certificates:
    """`good`, `self_signed`, `expired`, `not_yet_valid`, `other_name`."""
    folder.mkdir(parents=True, exist_ok=True)
    authority_key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    authority = _signed("authority", authority_key, "authority", authority_key, now - _DAY, now + _DAY, root=True)
    trusted = folder / "authority.pem"
    trusted.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    wanted = {
        "good": (HOST, now - _DAY, now + _DAY), "self_signed": (HOST, now - _DAY, now + _DAY),
        "expired": (HOST, now - 2 * _DAY, now - _DAY), "not_yet_valid": (HOST, now + _DAY, now + 2 * _DAY),
        "other_name": ("elsewhere.test", now - _DAY, now + _DAY),
    }
    contexts = {}
    for name, (host, begins, ends) in wanted.items():
        key = ec.generate_private_key(ec.SECP256R1())
        by, signer = (host, key) if name == "self_signed" else ("authority", authority_key)
        contexts[name] = _context(folder / f"{name}.pem", _signed(host, key, by, signer, begins, ends), key)
    return Certificates(trusted, contexts)


def _signed(
    name: str, key: ec.EllipticCurvePrivateKey, by: str, signer: ec.EllipticCurvePrivateKey, begins: datetime,
    ends: datetime, *, root: bool = False,
) -> x509.Certificate:
    def named(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    made = x509.CertificateBuilder(
        named(by), named(name), key.public_key(), x509.random_serial_number(), begins, ends
    ).add_extension(x509.BasicConstraints(ca=root, path_length=None), critical=True)
    for extension in _of_an_authority(key) if root else _of_a_server(name, signer):  # Python 3.13 wants RFC 5280's
        made = made.add_extension(extension, critical=isinstance(extension, x509.KeyUsage))
    return made.sign(signer, hashes.SHA256())


def _of_an_authority(key: ec.EllipticCurvePrivateKey) -> list[x509.ExtensionType]:
    may = dict.fromkeys(
        ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
         "crl_sign", "encipher_only", "decipher_only"), False,
    )
    return [x509.KeyUsage(key_cert_sign=True, **may), x509.SubjectKeyIdentifier.from_public_key(key.public_key())]


def _of_a_server(name: str, signer: ec.EllipticCurvePrivateKey) -> list[x509.ExtensionType]:
    by = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    return [x509.SubjectAlternativeName([x509.DNSName(name)]), by]


def _context(file: Path, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> ssl.SSLContext:
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
