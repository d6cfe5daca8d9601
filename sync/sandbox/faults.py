"""How the sandbox misbehaves, in the ways the real portals do. Each fault is told once and used up."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass, field

from flask import Response, request

from sync.sandbox.serving import SOCKET


@dataclass(slots=True)
class Fault:
    """`how`: lose_before, lose_after, html, busy, error_after, refuse, redirect. `kind` as in `kind_of`."""

    how: str
    kind: str
    reason: str = ""


@dataclass(slots=True)
class Faults:
    """What is to go wrong, and what was asked of the portals so far."""

    pending: deque[Fault] = field(default_factory=deque)
    seen: list[str] = field(default_factory=list)
    slow_seconds: float = 0.0
    token_seconds: int = 3600  # how long ekPay's tokens hold
    known: dict[str, tuple[str, str]] = field(default_factory=dict)  # who may come, at portals that ask
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, kind: str, *hows: str) -> Fault | None:
        """The next fault of these sorts for `kind`, used up by taking it."""
        with self._lock:
            for fault in self.pending:
                if fault.kind == kind and fault.how in hows:
                    self.pending.remove(fault)
                    return fault
        return None

    def before(self) -> Response | None:
        """Before a request is worked on."""
        kind = kind_of(request.method, request.path)
        self.seen.append(kind)
        if self.slow_seconds:
            time.sleep(self.slow_seconds)
        refused = self._stranger()
        if refused is not None:
            return refused
        fault = self.take(kind, "lose_before", "html", "busy", "redirect")
        if fault is None:
            return None
        if fault.how == "lose_before":
            hang_up()
        answers = {
            "html": Response("<html><body>Please sign in to this network</body></html>", 200, mimetype="text/html"),
            "busy": Response("{}", 503, {"Retry-After": "1"}, mimetype="application/json"),
            "redirect": Response("", 302, {"Location": "http://127.0.0.1:9/login"}),
        }
        return answers.get(fault.how, Response("", 500))

    def _stranger(self) -> Response | None:
        """Portals of our contract ask who comes with each request (HTTP Basic); ekPay asks for its token only."""
        portal = request.path.split("/")[1]
        wanted = self.known.get(portal)
        if wanted is None or portal == "ekpay":
            return None
        who = request.authorization
        if who is not None and (who.username, who.password) == wanted:
            return None
        challenge = {"WWW-Authenticate": f'Basic realm="{portal}"'}
        return Response('{"error": "credentials"}', 401, challenge, mimetype="application/json")

    def after(self, response: Response) -> Response:
        """After the effect, before the answer leaves."""
        fault = self.take(kind_of(request.method, request.path), "lose_after", "error_after")
        if fault is not None and fault.how == "lose_after":
            hang_up()
        if fault is not None and fault.how == "error_after":
            return Response("{}", 500, mimetype="application/json")
        return response


def hang_up() -> None:
    """Break the connection without an answer."""
    request.environ[SOCKET].shutdown(2)


def kind_of(method: str, path: str) -> str:
    """A short word for what is asked: "ekpay.pay", "eksheba.submit", ..."""
    parts = path.strip("/").split("/")
    portal, rest = parts[0], parts[1:]
    last = rest[-1] if rest else ""
    words = {
        "fetch-bill": "fetch", "update-billPayment": "pay", "payment-status": "ask", "get-token": "token",
        "check-bbalance": "balance", "fetch-MDMbillers": "billers", "fee": "pay", "payments": "pay",
        "applications": "submit", "orders": "order",
    }
    if "attachments" in rest:
        return f"{portal}.attachment"
    if "journal" in rest:
        return f"{portal}.journal"
    if "operations" in rest:
        return f"{portal}.ask"
    if "documents" in rest:
        return f"{portal}.document"
    if "packs" in rest[:-1]:
        return f"{portal}.pack"
    return f"{portal}.{words.get(last, last if method == 'GET' else f'post-{last}')}"
