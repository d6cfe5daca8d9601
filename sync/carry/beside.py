"""Handing files over on the local network: a counter listens for a while, with a code on its screen; laptops hand over.

A laptop greets first, with a message that is sealed with the code that the counter shows: it says which codes open
the files that follow. Whoever listens in reads nothing, and a file that nobody announced is not taken. So the counter's
code is proved before anything is packed, and a file that was on its way before (on a stick, to a counter that stopped)
may be handed over under its own code. Outcomes are fetched the same way, sealed as they are.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import requests

from sync.carry import sealed
from sync.carry.home import Sender
from sync.carry.road import SUFFIX
from sync.carry.sealed import OPERATIONS, BadCarry, Head, Key, Sealed

GREETING = "greeting"
_LARGEST = 64 * 1024 * 1024
_PIECE = 65_536
_WRONG_CODES = 10  # then it takes nothing more
_LOOK_SECONDS = 1.0
_TIMEOUT = (5.0, 60.0)


class Listening:
    """Takes files into `folder` until it is stopped; each that came is put into `came`, with the code that opens it."""

    def __init__(self, folder: Path, code: str, host: str = "127.0.0.1", port: int = 0,
                 shown: Callable[[int, int], None] = lambda _done, _total: None) -> None:
        """`shown`: how many bytes of how many have come, from any thread. Raises: OSError."""
        self.came: queue.Queue[tuple[Path, str]] = queue.Queue()
        self.shown = shown
        self._folder, self._code = folder, code
        self._one_at_a_time = threading.Lock()
        self._wrong = 0
        self._codes: dict[str, str] = {}  # of announced files, by their ids
        self._taken: set[str] = set()
        self.working = False  # whether one that came is being sent: its outcomes grow
        self._server = ThreadingHTTPServer((host, port), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def greeted(self, data: bytes) -> None:
        """Somebody who knows the code that is shown says which codes open the files to come. Raises: BadCarry."""
        greeting = sealed.read(data)
        if greeting.head.about != GREETING:
            raise BadCarry("carry_not_one")
        with self._one_at_a_time:  # a guess costs a fifth of a second, and there are few
            if self._wrong >= _WRONG_CODES:
                raise BadCarry("carry_wrong_code")
            try:
                said = greeting.open(Key(self._code, greeting.head.salt))
            except BadCarry:
                self._wrong += 1
                raise
            self._codes |= {str(name): str(code) for name, code in said["codes"].items()}

    def take(self, data: bytes) -> None:
        """Keep a file that was announced. Raises: BadCarry, OSError."""
        file = sealed.read(data)
        if file.head.about != OPERATIONS:
            raise BadCarry("carry_is_outcomes")
        with self._one_at_a_time:
            code = self._opens(file)
            place = self._folder / f"{_safe(file.head.id)}.carry"
            sealed.write_file(place, data)
            known = file.head.id in self._taken
            self._taken.add(file.head.id)
        if not known:
            self.working = True
            self.came.put((place, code))

    def _opens(self, file: Sealed) -> str:
        """The code that opens `file`. Raises: BadCarry."""
        code = self._codes.get(file.head.id)
        if code is None:
            raise BadCarry("carry_wrong_code")
        file.open(Key(code, file.head.salt))
        return code

    def outcomes(self, carry_id: str) -> bytes | None:
        """What is known of a file so far."""
        place = self._folder / f"{_safe(carry_id)}{SUFFIX}"
        return place.read_bytes() if place.exists() else None


def greet(address: str, code: str, sender: Sender, codes: Mapping[str, str]) -> None:
    """Prove to the counter that listens at `address` (host:port) that somebody read the `code` on its screen, and tell
    it the codes of the files to come, by their ids.

    Raises:
        BadCarry: `carry_wrong_code`, `carry_nobody_listens`.
    """
    head = Head(GREETING, "", sender.name, "", "", 0, sealed.new_salt())
    greeting = sealed.seal(head, {"codes": dict(codes)}, Key(code, head.salt), sender.signer)
    _put(f"http://{address}/greeting", greeting)


def hand_over(
    address: str, file: Path, shown: Callable[[int, int], None] = lambda _done, _total: None,
    stop: threading.Event | None = None,
) -> None:
    """Give `file`, which was announced, to the counter; `shown` is told how many bytes of how many have left.

    Raises:
        BadCarry: it is not taken there; `carry_nobody_listens`; `carry_stopped`, by `stop`, before it was there.
    """
    _put(f"http://{address}/carry", _Pieces(file.read_bytes(), shown, stop or threading.Event()))


def fetch(
    address: str, carry_id: str, into: Path, seconds: float, shown: Callable[[int], None] = lambda _ended: None,
    stop: threading.Event | None = None,
) -> bool:
    """Bring the outcomes of a file that was handed over, as soon as all are known, or what is known after `seconds` or
    at `stop`; False when there are none yet. `shown` is told how many there are. Raises: BadCarry, OSError."""
    until, stop = time.monotonic() + seconds, stop or threading.Event()
    while True:
        try:
            answer = _session().get(f"http://{address}/carry/{carry_id}", timeout=_TIMEOUT)
        except (requests.exceptions.RequestException, ValueError) as error:
            raise BadCarry("carry_nobody_listens") from error
        there = sealed.read(answer.content) if answer.status_code == 200 else None
        shown(there.head.count if there is not None else 0)
        over = there is not None and answer.headers.get("X-Working") != "yes"
        if over or time.monotonic() > until or stop.wait(_LOOK_SECONDS):
            break
    if there is not None:
        sealed.write_file(into, answer.content)
    return there is not None


class _Pieces:
    """A body that tells how much of it has left."""

    def __init__(self, data: bytes, shown: Callable[[int, int], None], stop: threading.Event) -> None:
        self._data, self._shown, self._stop = data, shown, stop

    def __len__(self) -> int:
        return len(self._data)

    def __iter__(self) -> Iterator[bytes]:
        for start in range(0, len(self._data), _PIECE):
            if self._stop.is_set():
                raise BadCarry("carry_stopped")
            yield self._data[start:start + _PIECE]
            self._shown(min(start + _PIECE, len(self._data)), len(self._data))


def _put(url: str, body: bytes | _Pieces) -> None:
    try:
        answer = _session().put(url, data=body, timeout=_TIMEOUT)
    except (requests.exceptions.RequestException, ValueError) as error:
        raise BadCarry("carry_nobody_listens") from error
    if answer.status_code != 204:
        told = answer.headers.get("X-Refused", "")
        raise BadCarry(told if told.startswith("carry_") else "carry_nobody_listens")


def _session() -> requests.Session:
    made = requests.Session()
    made.trust_env = False  # a neighbour is not behind a proxy
    return made


def _handler(listening: Listening) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 60

        def do_PUT(self) -> None:
            length = self.headers.get("Content-Length", "")
            if not (length.isascii() and length.isdigit() and int(length) <= _LARGEST):
                self._answer(413, refused="carry_too_large")
                return
            try:
                if self.path == "/greeting":
                    listening.greeted(self.rfile.read(int(length)))
                else:
                    listening.take(self._read(int(length)))
            except BadCarry as error:
                self._answer(403, refused=error.reason)
            except OSError:
                self._answer(507, refused="carry_stick_gone")
            else:
                self._answer(204)

        def _read(self, length: int) -> bytes:
            data = bytearray()
            while len(data) < length and (piece := self.rfile.read(min(_PIECE, length - len(data)))):
                data += piece
                listening.shown(len(data), length)
            return bytes(data)

        def do_GET(self) -> None:
            found = listening.outcomes(self.path.rpartition("/")[2])
            self._answer(200 if found else 404, found or b"")

        def _answer(self, status: int, body: bytes = b"", refused: str = "") -> None:
            self.send_response(status)
            if refused:
                self.send_header("X-Refused", refused)
            if status != 204:
                self.send_header("Content-Length", str(len(body)))
            self.send_header("X-Working", "yes" if listening.working else "no")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler


def _safe(carry_id: str) -> str:
    """An id as a file's name."""
    return "".join(letter for letter in carry_id if letter.isalnum() or letter == "-")[:64] or "unnamed"
