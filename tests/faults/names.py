"""Where a name leads: the portals' name is looked up by every new connection, and may lead nowhere or to somebody else.

The rest of the road is real: real sockets, real refusals, real certificates.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from tests.faults.certificates import HOST

Leads = Callable[[int], tuple[str, int]]  # the port that was asked for, to the address where it leads


class Names:
    """`on_request` is told of every request before it leaves; what it returns is where the name leads for it."""

    def __init__(self, on_request: Callable[[requests.PreparedRequest], Leads | None]) -> None:
        self._on_request = on_request
        self._here = threading.local()

    @contextmanager
    def installed(self, monkeypatch: Any) -> Iterator[None]:
        """While this lasts, the name of the portals is ours."""
        send, look_up = HTTPAdapter.send, socket.getaddrinfo

        def told(adapter: HTTPAdapter, request: requests.PreparedRequest, **given: Any) -> requests.Response:
            self._here.leads = self._on_request(request)
            if self._here.leads is not None:
                adapter.poolmanager.clear()  # the kept connection is gone too
            return send(adapter, request, **given)

        def found(host: Any, port: Any, *given: Any, **named: Any) -> Any:
            if host != HOST:
                return look_up(host, port, *given, **named)
            leads = getattr(self._here, "leads", None) or _home
            return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", leads(port))]

        with monkeypatch.context() as patch:
            patch.setattr(HTTPAdapter, "send", told)
            patch.setattr(socket, "getaddrinfo", found)
            yield


def _home(port: int) -> tuple[str, int]:
    return "127.0.0.1", port


def nowhere(_port: int) -> tuple[str, int]:
    """Nobody knows the name."""
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def unreachable(port: int) -> tuple[str, int]:
    """There is no road: the system refuses to connect to a broadcast address."""
    return "255.255.255.255", port


def refusing(_port: int) -> tuple[str, int]:
    """Nobody listens there."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return "127.0.0.1", int(unused.getsockname()[1])


class Swallowing:
    """A listener whose queue is full: what knocks is never answered."""

    def __init__(self) -> None:
        self._listener = socket.socket()
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(0)
        self._queued = []
        for _place in range(4):
            knocking = socket.socket()
            knocking.setblocking(False)
            knocking.connect_ex(self._listener.getsockname())
            self._queued.append(knocking)

    def __call__(self, _port: int) -> tuple[str, int]:
        return "127.0.0.1", int(self._listener.getsockname()[1])

    def close(self) -> None:
        for one in (*self._queued, self._listener):
            one.close()


class Stranger:
    """Somebody else at the portal's address: shows a certificate, or talks plainly where TLS was expected."""

    def __init__(self, context: ssl.SSLContext | None, says: bytes = b"") -> None:
        self._context = context
        self._says = says
        self._listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()

    def __call__(self, _port: int) -> tuple[str, int]:
        return "127.0.0.1", int(self._listener.getsockname()[1])

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits in accept
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                met, _address = self._listener.accept()
            except OSError:
                return
            met.settimeout(2)
            try:
                if self._context is not None:
                    self._context.wrap_socket(met, server_side=True).close()
                else:
                    met.recv(1024)
                    met.sendall(self._says)
            except OSError:
                pass
            finally:
                met.close()
