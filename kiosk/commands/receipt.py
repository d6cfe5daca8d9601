"""Commands about receipts that prove themselves: check one, make the page that checks, certify a device."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import date
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk import times
from kiosk.catalogue import packs
from kiosk.commands.terminal import group, say, secret, unlocked
from kiosk.counter import centre
from kiosk.counter.records import CounterError
from kiosk.proof import authorities, certificate, check, page, scan, told
from kiosk.proof.check import Verdict
from kiosk.proof.statement import MARK
from kiosk.words import words
from resources import path

_LONGEST_TEXT = 4096


def add(parser: argparse.ArgumentParser) -> None:
    """Hang the commands under `receipt`."""
    command = group(parser)

    checks = command("check", _check, "is this receipt true? Its QR's text, a picture of it, or - for standard input")
    checks.add_argument("what", metavar="TEXT|IMAGE|-")
    page_ = command("page", _page, "write the page on which anybody checks receipts without a line")
    page_.add_argument("--to", type=Path, required=True)
    for made in (checks, page_):
        made.add_argument("--authorities", type=Path, help="another list of authorities and withdrawn devices")
    command("request", _request, "what this device sends to its authority")
    installs = command("install", _install, "take the certificate that the authority gave")
    installs.add_argument("certificate", metavar="TEXT|FILE|-")
    key = command("authority", _authority, "make an authority's key; asks for UDC_AUTHORITY_PASSWORD")
    key.add_argument("--key", type=Path, required=True, help="where the encrypted key goes")
    signs = command("certify", _certify, "an authority vouches for a device")
    signs.add_argument("request", metavar="TEXT|FILE|-")
    signs.add_argument("--key", required=True, help="the authority's key file, or `sandbox` for a demonstration")
    signs.add_argument("--name", required=True, help="what the check calls the centre; every byte stands in every QR")
    signs.add_argument("--until", type=date.fromisoformat, required=True, help="the last day (YYYY-MM-DD)")


def names() -> dict[str, tuple[str, str]]:
    """What a receipt's items are called, in Bangla and English, by the ids that its QR has them under."""
    read = packs.read(path("packs"))
    plain = {str(row["id"]): (str(row["name_bn"]), str(row["name_en"])) for row in (*read.services, *read.billers)}
    found = dict(plain)
    for fee in read.fees:
        if fee["label_bn"]:
            bn, en = plain[fee["service_id"]]
            variant = f"{fee['service_id']}.{fee['variant']}".removesuffix(".")
            found[variant] = (f"{bn} ({fee['label_bn']})", f"{en} ({fee['label_en']})")
    for kind in ("order", "due"):
        found[kind] = (words("bn")(f"proof.what.{kind}"), words("en")(f"proof.what.{kind}"))
    return found


def _known(given: argparse.Namespace) -> authorities.Known:
    try:
        return authorities.read(given.authorities)
    except ValueError as error:
        raise CounterError("bad_certificate", detail=str(error)) from error


def _check(given: argparse.Namespace) -> int:
    found = check.check(_code(given.what), _known(given))
    say(told.facts(found))
    for lang in ("bn", "en"):
        sys.stderr.write("\n".join(told.told(found, names(), lang)) + "\n\n")
    return 0 if found.verdict in (Verdict.TRUE_FINAL, Verdict.TRUE_PROVISIONAL) else 1


def _code(what: str) -> str:
    """The text of the code: given itself, in a picture or a file, or on standard input. What holds none is not called
    altered.

    Raises:
        CounterError: `nothing_to_check`, `neither_code_nor_file`, `is_a_folder`, `receipt_is_pdf`, `no_code`.
    """
    what = what.strip()
    named = what not in ("", "-") and not what.startswith(MARK)
    found = _in_file(Path(what)) if named else _text(what).strip()
    if not found:
        raise CounterError("nothing_to_check")
    return found


def _in_file(file: Path) -> str:
    if file.is_dir():
        raise CounterError("is_a_folder", file=str(file))
    if not file.is_file():
        raise CounterError("neither_code_nor_file", given=str(file))
    text = _beginning(file).strip()
    if text.startswith("%PDF"):
        raise CounterError("receipt_is_pdf")
    found = [text] if not text or text.startswith(MARK) else scan.codes(file)
    if not found:
        raise CounterError("no_code")
    return found[0]


def _text(what: str) -> str:
    """A text that is given itself, as a file's name, or as - for standard input."""
    if what == "-":
        what = sys.stdin.read(_LONGEST_TEXT)
    elif len(what) < 200 and Path(what).is_file():
        what = _beginning(Path(what))
    return what.strip("\r\n\t\ufeff")


def _beginning(file: Path) -> str:
    with file.open(encoding="ascii", errors="replace") as opened:
        return opened.read(_LONGEST_TEXT)


def _page(given: argparse.Namespace) -> None:
    given.to.write_text(page.page(_known(given), names()), encoding="utf-8")
    say({"page": str(given.to.resolve())})


def _request(given: argparse.Namespace) -> None:
    with unlocked(given) as (_app, counter):
        device = counter.device
        sys.stdout.write(certificate.request(device.code, device.centre_en, device.signing_key) + "\n")


def _install(given: argparse.Namespace) -> None:
    with unlocked(given) as (_app, counter):
        made = centre.certify(counter, _text(given.certificate))
        say({"device": made.identity.device, "centre": made.identity.name, "until": made.until})


def _authority(given: argparse.Namespace) -> None:
    """The key is encrypted by a password; the row for the pack of authorities goes to standard output."""
    key = Ed25519PrivateKey.generate()
    body = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(_password()),
    )
    handle = os.open(given.key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(body)
    public = key.public_key().public_bytes_raw()
    say({"id": certificate.key_id(public).hex(), "name_bn": "", "name_en": "", "key": public.hex()})


def _password() -> bytes:
    return secret("UDC_AUTHORITY_PASSWORD", "Authority's password").encode()


def _certify(given: argparse.Namespace) -> None:
    if given.until < times.now().astimezone(times.DHAKA).date():
        raise CounterError("certificate_would_be_over", date=given.until)
    try:
        asks = certificate.read_request(_text(given.request))
        made = certificate.certify(asks, given.name, given.until, _authority_key(given.key))
    except ValueError as error:
        raise CounterError("bad_certificate", detail=str(error)) from error
    sys.stdout.write(certificate.to_text(made) + "\n")


def _authority_key(name: str) -> bytes:
    if name == "sandbox":
        return authorities.SANDBOX_KEY
    body = Path(name).read_bytes()
    if b"ENCRYPTED PRIVATE KEY" not in body:
        raise CounterError("not_authority_key", file=name)
    try:
        key = serialization.load_pem_private_key(body, _password())
    except (ValueError, TypeError) as error:  # the last of an empty one
        raise CounterError("wrong_authority_password") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("not an Ed25519 key")
    return key.private_bytes_raw()
