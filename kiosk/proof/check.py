"""Is this receipt true? Answered from its QR's text and a list of authorities, without any line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kiosk.proof import statement
from kiosk.proof.authorities import Authority, Known
from kiosk.proof.certificate import Certificate, key_id
from kiosk.proof.statement import Kind, Read


class Verdict(StrEnum):
    TRUE_FINAL = "true_final"
    TRUE_PROVISIONAL = "true_provisional"
    ALTERED = "altered"
    UNKNOWN = "unknown"  # not altered, but nobody that is known vouches for the centre
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Checked:
    """A verdict; what the receipt says, where there is anything to read; who vouches for it; since when no more."""

    verdict: Verdict
    read: Read | None = None
    authority: Authority | None = None
    revoked_on: date | None = None


def check(text: str, known: Known) -> Checked:
    """The verdict on a QR's text. Any text is answered; nothing is raised."""
    try:
        read = statement.read(text)
    except ValueError:
        return Checked(Verdict.ALTERED)
    if not read.signed.is_by(read.identity.key):
        return Checked(Verdict.ALTERED)
    if read.certificate is None:
        return Checked(Verdict.UNKNOWN, read)
    authority = known.authorities.get(read.certificate.authority)
    if authority is None:
        return Checked(Verdict.UNKNOWN, read)
    if not read.certificate.signed.is_by(authority.key):
        return Checked(Verdict.ALTERED)
    return _vouched(read, read.certificate, authority, known)


def _vouched(read: Read, certificate: Certificate, authority: Authority, known: Known) -> Checked:
    revoked_on = known.revoked.get(key_id(read.identity.key))
    if revoked_on is not None:  # whenever it says that it was made: a thief sets the clock back
        return Checked(Verdict.REVOKED, read, authority, revoked_on)
    if read.statement.at >= certificate.until:
        return Checked(Verdict.UNKNOWN, read, authority)
    if read.statement.kind is Kind.PROVISIONAL:
        return Checked(Verdict.TRUE_PROVISIONAL, read, authority)
    return Checked(Verdict.TRUE_FINAL, read, authority)
