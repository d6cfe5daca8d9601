"""HTTP/1.1 on loopback with connections that stay open, as real portals keep them; Werkzeug's server closes each."""

from __future__ import annotations

import io
import socket
import sys
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import unquote

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
SOCKET = "sandbox.socket"  # where a route finds the connection, to break it
LARGEST = 20_000_000  # bytes of a body


class Serving:
    """A WSGI application that is listened for from now on."""

    def __init__(self, app: Wsgi, port: int) -> None:
        self._kept: set[socket.socket] = set()
        handler = type("Handler", (_Handler,), {"app": staticmethod(app), "kept": self._kept})
        self._server = _Server(("127.0.0.1", port), handler)
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Nobody listens any more, and connections that were kept are gone."""
        self._server.shutdown()
        self._server.server_close()
        for kept in list(self._kept):
            with suppress(OSError):
                kept.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)


class _Server(ThreadingHTTPServer):
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that broke is nothing to tell; anything else is."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    app: ClassVar[Wsgi]
    kept: ClassVar[set[socket.socket]]

    def setup(self) -> None:
        self.kept.add(self.request)
        super().setup()

    def finish(self) -> None:
        super().finish()
        self.kept.discard(self.request)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def _answer(self) -> None:
        body = self._body()
        if body is None:
            return
        began: list[Any] = []
        given: Iterable[bytes] = type(self).app(self._environ(body), lambda *said: began.extend(said))
        status, headers = began[:2]
        if "Content-Length" not in dict(headers):
            whole = b"".join(given)
            given = [whole]
            headers.append(("Content-Length", str(len(whole))))
        code, _, phrase = status.partition(" ")
        self.send_response_only(int(code), phrase)
        self.send_header("Date", self.date_time_string())
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        for piece in given if self.command != "HEAD" else ():
            self.wfile.write(piece)

    def __getattr__(self, name: str) -> Callable[[], None]:
        """Whatever the method is (`do_GET`, `do_QUERY`, ...), the application says whether there is such a one."""
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def _body(self) -> bytes | None:
        """What came with the request; None when nobody can say where it ends, which ends the connection."""
        told = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not (told.isascii() and told.isdigit() and len(told) < 16):
            self._end(400, '{"error": "bad_request", "why": "Content-Length"}')
        elif int(told) > LARGEST:
            self._end(413, '{"error": "too_large"}')
        elif len(body := self.rfile.read(int(told))) < int(told):
            self._end(400, '{"error": "bad_request", "why": "half a body"}')
        else:
            return body
        return None

    def _end(self, status: int, said: str) -> None:
        self.close_connection = True
        self.send_response_only(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(said.encode())

    def _environ(self, body: bytes) -> dict[str, Any]:
        path, _, query = self.path.partition("?")
        headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in self.headers.items()}
        return headers | {
            "REQUEST_METHOD": self.command, "SCRIPT_NAME": "", "PATH_INFO": unquote(path, "latin-1"),
            "QUERY_STRING": query, "SERVER_NAME": "127.0.0.1", "SERVER_PORT": str(self.connection.getsockname()[1]),
            "SERVER_PROTOCOL": self.request_version, "REMOTE_ADDR": str(self.client_address[0]),
            "CONTENT_TYPE": self.headers.get("Content-Type", ""), "CONTENT_LENGTH": str(len(body)),
            "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr, "wsgi.multithread": True, "wsgi.multiprocess": False, "wsgi.run_once": False,
            SOCKET: self.connection,
        }
