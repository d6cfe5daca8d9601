"""A small real server on loopback that answers as a test wants, and remembers what was asked."""

from __future__ import annotations

import threading
from collections import Counter

from flask import Flask, request
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server


class _Quiet(WSGIRequestHandler):
    """Says nothing, and ends each connection."""

    def log(self, type: str, message: str, *args: object) -> None:
        pass


class Web:
    """`app` gets its routes before or after `start`; the port stays."""

    def __init__(self) -> None:
        self.app = Flask("web")
        self.app.before_request(self._count)
        self._asked: Counter[str] = Counter()
        self._server: BaseWSGIServer | None = None
        self.address = ""

    def start(self) -> None:
        self._server = make_server("127.0.0.1", 0, self.app, threaded=True, request_handler=_Quiet)
        self.address = f"http://127.0.0.1:{self._server.port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def asked(self, path: str) -> int:
        """How often a path was asked for."""
        return self._asked[path]

    def _count(self) -> None:
        self._asked[request.path] += 1
