"""A proxy on loopback between kiosk and sandbox: passes everything on, and at one step does what a bad line does.

It remembers every request: which step, which operations, what the portal said. What it does wrong is in tricks.py.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from sync.sandbox import Sandbox
from tests.faults.http_parts import Asked, Told, keys_of, read_asked, step_of

_QUESTIONS = (".ask", "statuses", ".holdings", ".balance", ".received", ".packs", ".pack", ".rest")


@dataclass(slots=True)
class Seen:
    """One request as the proxy saw it; `told` is what the portal said, None while it has not been asked."""

    step: str
    keys: list[str]
    asked: Asked
    told: Told | None = None


@dataclass(slots=True)
class Exchange:
    """One request and what may be done with it."""

    proxy: Proxy
    seen: Seen
    client: socket.socket
    open: bool = True

    def forward(self, asked: Asked | None = None) -> Told:
        """Let the portal answer (`asked` instead of the request that came)."""
        told = self.proxy.ask_portal(asked or self.seen.asked)
        self.seen.told = told
        return told

    def say(self, told: Told | bytes) -> None:
        self.client.sendall(told if isinstance(told, bytes) else told.wire())

    def hang_up(self) -> None:
        """End the connection in the ordinary way."""
        self.open = False
        _shut(self.client)

    def reset(self) -> None:
        """End it with a reset."""
        self.open = False
        self.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.client.close()


Trick = Callable[[Exchange], None]


@dataclass(slots=True)
class Planned:
    """`trick` happens at the next `times` requests of `step` (`times` below 0: at all; "" is every step)."""

    step: str
    trick: Trick
    times: int = 1
    happened: int = 0

    def is_for(self, step: str) -> bool:
        return self.step in ("", step) and self.happened != self.times


@dataclass(slots=True)
class Proxy:
    """`start` and `stop` it."""

    sandbox: Sandbox
    context: ssl.SSLContext | None = None
    seen: list[Seen] = field(default_factory=list)
    plans: list[Planned] = field(default_factory=list)
    held: list[Asked] = field(default_factory=list)  # arrive before the next request that is no question
    kiosk: int = 0  # the process that talks to us, where it is one that may be killed
    _later: list[threading.Thread] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _listener: socket.socket | None = None
    _clients: list[socket.socket] = field(default_factory=list)

    def start(self) -> int:
        """Listen on a free port of loopback; the port."""
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        threading.Thread(target=self._accept, daemon=True).start()
        return int(self._listener.getsockname()[1])

    def stop(self) -> None:
        if self._listener is not None:
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
        for client in self._clients:
            _shut(client)

    def plan(self, step: str, trick: Trick, times: int = 1) -> Planned:
        planned = Planned(step, trick, times)
        self.plans.append(planned)
        return planned

    def ask_portal(self, asked: Asked) -> Told:
        """What the sandbox answers; a portal that is not there answers as a gateway before it would."""
        where = urlsplit(self.sandbox.address)
        headers = {**asked.headers, "connection": "close", "accept-encoding": "identity"}
        line = http.client.HTTPConnection(where.hostname or "", where.port, timeout=10)
        try:
            line.request(asked.method, asked.path, asked.body or None, headers)
            answered = line.getresponse()
            kept = {name: text for name, text in answered.getheaders()
                    if name not in ("Connection", "Content-Length", "Server")}
            return Told(answered.status, kept, answered.read())
        finally:
            line.close()

    def later(self, work: Callable[[], None]) -> None:
        """Do something by the side; `finish` waits for it."""
        thread = threading.Thread(target=work, daemon=True)
        self._later.append(thread)
        thread.start()

    def finish(self) -> None:
        for thread in self._later:
            thread.join(10)

    def is_coming(self, asked: Asked) -> Planned | None:
        """What is planned for this request; it has happened then."""
        step = step_of(asked)
        with self._lock:
            for planned in self.plans:
                if planned.is_for(step):
                    planned.happened += 1
                    return planned
        return None

    def _deliver_held(self) -> None:
        while self.held:
            self.ask_portal(self.held.pop())

    def _accept(self) -> None:
        listener = self._listener
        while listener is not None:
            try:
                client, _address = listener.accept()
            except OSError:
                return
            self._clients.append(client)
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        try:
            client.settimeout(30)
            if self.context is not None:
                client = self.context.wrap_socket(client, server_side=True)
            while self._answered_one(client):
                pass
        except (OSError, http.client.HTTPException):
            pass  # the kiosk or the portal hung up
        finally:
            client.close()

    def _answered_one(self, client: socket.socket) -> bool:
        asked = read_asked(client)
        if asked is None:
            return False
        seen = Seen(step_of(asked), keys_of(asked.method, asked.path, asked.said()), asked)
        with self._lock:
            self.seen.append(seen)
        if not seen.step.endswith(_QUESTIONS):
            self._deliver_held()
        exchange = Exchange(self, seen, client)
        planned = self.is_coming(asked)
        if planned is None:
            exchange.say(exchange.forward())
        else:
            planned.trick(exchange)
        return exchange.open


def _shut(client: socket.socket) -> None:
    with suppress(OSError):  # it may be shut from the other side already
        client.shutdown(socket.SHUT_RDWR)
