"""Brings newer packs over the line and puts them on the shelf; what can't be trusted is told and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kiosk.catalogue import packs, shelf
from kiosk.catalogue.packs import PackError
from kiosk.counter import notices
from kiosk.counter.context import Counter
from kiosk.ledger import events
from sync.http import Http
from sync.packs import BadPack, Listed, Pack, Progress, fetch, listed

EVERY_SECONDS = 6 * 3600.0


class Restock:
    """A pull: `take` brings one piece. `publishers` are the keys (Ed25519, hex) that we trust, by their ids."""

    def __init__(self, counter: Counter, home: Path, portal: str, line: Http, publishers: Mapping[str, str]) -> None:
        self._counter = counter
        self._home = home
        self._subject = f"packs:{portal}"
        self._line = line
        self._publishers = publishers
        self._etag = ""
        self._coming: Iterator[Progress] | None = None

    def take(self) -> bool | Progress:
        """Raises: LineError; what has come so far is kept."""
        coming = self._coming or self._begun()
        self._coming = None
        try:
            for progress in coming:
                self._coming = coming
                return progress
        except (BadPack, PackError) as error:
            self._etag = ""  # who asks again wants to see it again
            with self._counter.store.transaction() as connection:
                notices.put(self._counter, connection, self._subject, "bad_pack_arrived", detail=str(error))
        return False

    def _begun(self) -> Iterator[Progress]:
        told, etag = listed(self._line, self._verify, self._etag)
        holds = packs.published(shelf.newest(self._home))
        if told is not None and told.published > holds:
            yield from self._fetched(told.packs)
            self._put(told)
        elif told is not None and told.published == holds:
            _empty(shelf.coming(self._home))  # the power went before this was done
        self._etag = etag
        self._clear()

    def _fetched(self, wanted: Sequence[Pack]) -> Iterator[Progress]:
        """How far all of them together are."""
        before, total = 0, sum(pack.size for pack in wanted)
        for pack in wanted:
            for one in fetch(self._line, pack, shelf.coming(self._home)):
                done = before + one.done
                yield Progress(done, total, (total - done) / self._line.bytes_a_second)
            before += pack.size

    def _put(self, told: Listed) -> None:
        """What came stays when the disc has no room for the rest: it need not come again."""
        folder = shelf.coming(self._home)
        arrived = {pack.name: folder / pack.sha256 for pack in told.packs}
        try:
            version = shelf.put(self._home, self._counter.catalogue, arrived, told.published)
        except PackError:
            _empty(folder)
            raise
        _empty(folder)
        with self._counter.store.transaction() as connection:
            events.record(connection, "packs_arrived", self._counter.operator.id, self._counter.now(),
                          version=version, published=told.published)

    def _clear(self) -> None:
        if any(one.subject == self._subject for one in notices.notices(self._counter)):
            with self._counter.store.transaction() as connection:
                notices.clear(connection, self._subject)

    def _verify(self, key_id: str, said: bytes, signature: bytes) -> bool:
        try:
            known = bytes.fromhex(self._publishers[key_id])
            Ed25519PublicKey.from_public_bytes(known).verify(signature, said)
        except (KeyError, InvalidSignature):
            return False
        return True


def _empty(folder: Path) -> None:
    """Also of what was left of a list before."""
    for file in folder.glob("*"):
        file.unlink()
