"""Handing files over on the local network: a counter listens for a while, with a code on its screen; laptops hand over.

What goes over the network is the sealed file, made with the code that the counter shows: whoever listens in reads
nothing, and a file made with another code is not taken. Outcomes are fetched the same way, sealed as they are.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import requests

from sync.carry import sealed
from sync.carry.road import SUFFIX
from sync.carry.sealed import OPERATIONS, BadCarry, Key

_LARGEST = 64 * 1024 * 1024
_WRONG_CODES = 10  # then it takes nothing more
_LOOK_SECONDS = 1.0
_TIMEOUT = (5.0, 60.0)


class Listening:
    """Takes files into `folder` until it is stopped; each that came is put into `came`."""

    def __init__(self, folder: Path, code: str, host: str = "127.0.0.1", port: int = 0) -> None:
        self.came: queue.Queue[Path] = queue.Queue()
        self._folder, self._code = folder, code
        self._one_at_a_time = threading.Lock()
        self._wrong = 0
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

    def take(self, data: bytes) -> None:
        """Keep a file that was made with the code that is shown. Raises: BadCarry, OSError."""
        file = sealed.read(data)
        if file.head.about != OPERATIONS:
            raise BadCarry("carry_is_outcomes")
        with self._one_at_a_time:  # a guess costs a fifth of a second, and there are few
            if self._wrong >= _WRONG_CODES:
                raise BadCarry("carry_wrong_code")
            try:
                file.open(Key(self._code, file.head.salt))
            except BadCarry:
                self._wrong += 1
                raise
            place = self._folder / f"{_safe(file.head.id)}.carry"
            known = place.exists()
            sealed.write_file(place, data)
        if not known:
            self.working = True
            self.came.put(place)

    def outcomes(self, carry_id: str) -> bytes | None:
        """What is known of a file so far."""
        place = self._folder / f"{_safe(carry_id)}{SUFFIX}"
        return place.read_bytes() if place.exists() else None


def hand_over(address: str, file: Path) -> None:
    """Give `file` to the counter that listens at `address` (host:port).

    Raises:
        BadCarry: it is not taken there, `carry_wrong_code` above all; `carry_nobody_listens`.
    """
    try:
        answer = requests.put(f"http://{address}/carry", data=file.read_bytes(), timeout=_TIMEOUT)
    except (requests.exceptions.RequestException, ValueError) as error:
        raise BadCarry("carry_nobody_listens") from error
    if answer.status_code != 204:
        told = answer.headers.get("X-Refused", "")
        raise BadCarry(told if told.startswith("carry_") else "carry_nobody_listens")


def fetch(address: str, carry_id: str, into: Path, seconds: float, wait: Callable[[float], None] = time.sleep) -> bool:
    """Bring the outcomes of a file that was handed over, as soon as all are known or what is known after `seconds`;
    False when there are none yet. Raises: BadCarry, OSError."""
    until = time.monotonic() + seconds
    while True:
        try:
            answer = requests.get(f"http://{address}/carry/{carry_id}", timeout=_TIMEOUT)
        except requests.exceptions.RequestException as error:
            raise BadCarry("carry_nobody_listens") from error
        there = sealed.read(answer.content) if answer.status_code == 200 else None
        over = there is not None and answer.headers.get("X-Working") != "yes"
        if over or time.monotonic() > until:
            break
        wait(_LOOK_SECONDS)
    if there is not None:
        sealed.write_file(into, answer.content)
    return there is not None


def _handler(listening: Listening) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 60

        def do_PUT(self) -> None:
            length = self.headers.get("Content-Length", "")
            if not (length.isascii() and length.isdigit() and int(length) <= _LARGEST):
                self._answer(413, refused="carry_too_large")
                return
            try:
                listening.take(self.rfile.read(int(length)))
            except BadCarry as error:
                self._answer(403, refused=error.reason)
            except OSError:
                self._answer(507, refused="carry_stick_gone")
            else:
                self._answer(204)

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
