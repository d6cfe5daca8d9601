"""The portals (played.py) as one small real HTTP server on loopback, and what it can be told to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, jsonify, request
from sqlalchemy import delete, insert, update

from sync.sandbox import applications, batches, bodies, ekpay, ekshop, journals, packs, schema
from sync.sandbox.batches import packed, unzipped
from sync.sandbox.books import Books
from sync.sandbox.faults import Fault, Faults
from sync.sandbox.played import PORTALS
from sync.sandbox.serving import Serving

_WORDS = ("slow", "fail_next", "bill", "set_float", "unlist", "set_product", "accept_only", "tokens_hold",
          "advance_application", "advance_order", "publish")


class Sandbox:
    """`start` and `stop` it; its other methods make the portals behave as the real ones sometimes do."""

    def __init__(self, address: str = "") -> None:
        """`address` is an SQLAlchemy URL for its books; empty keeps them in memory."""
        self.books = Books(address)
        self.faults = Faults()
        self.publisher = packs.Publisher()
        self._serving: Serving | None = None
        self._port = 0
        self._app = self._routes()

    def start(self, port: int = 0) -> str:
        """Listen on loopback (a free port unless one is given); the base address."""
        self._serving = Serving(self._app, port or self._port)
        self._port = self._serving.port
        return self.address

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def portals(self) -> dict[str, str]:
        """Each portal's base address."""
        return {name: self.address + played.base for name, played in PORTALS.items()}

    def stop(self) -> None:
        """Stop listening; the books stay."""
        if self._serving is not None:
            self._serving.stop()
            self._serving = None

    def go_away(self) -> None:
        """The portals are gone: connections are refused, kept ones are dropped."""
        self.stop()

    def come_back(self) -> None:
        self.start()

    def slow(self, seconds: float) -> None:
        self.faults.slow_seconds = seconds

    def fail_next(self, kind: str, how: str, reason: str = "") -> None:
        """`kind` as in faults.kind_of ("ekpay.pay"); `how` as in faults.Fault ("lose_after", "html", "refuse", ...)."""
        self.faults.pending.append(Fault(how, kind, reason))

    def accept_only(self, portal: str, user: str, secret: str) -> None:
        """From now on a portal lets nobody else in."""
        self.faults.known[portal] = (user, secret)

    def tokens_hold(self, seconds: int) -> None:
        """How long a token that ekPay gives from now on holds; 0: it is past its time when it arrives."""
        self.faults.token_seconds = seconds

    def bill(self, biller_id: str, inputs: Mapping[str, Any], amount_poisha: int, *, paid: bool = False) -> None:
        """Make the biller know this bill so."""
        name = ekpay.bill_name(biller_id, inputs)

        def act(connection: Any) -> None:
            table = schema.bills
            changed = connection.execute(
                update(table).where(table.c.bill == name).values(amount_poisha=amount_poisha, paid=paid)
            )
            if not changed.rowcount:
                connection.execute(insert(table).values(bill=name, amount_poisha=amount_poisha, paid=paid))

        self.books.write(act)

    def set_float(self, name: str, amount_poisha: int) -> None:
        table = schema.floats
        self.books.write(
            lambda connection: connection.execute(
                update(table).where(table.c.name == name).values(amount_poisha=amount_poisha)
            )
        )

    def unlist(self, biller_id: str) -> None:
        """ekPay takes this biller's bills no longer, says its list."""
        table = schema.billers
        self.books.write(lambda connection: connection.execute(delete(table).where(table.c.id == biller_id)))

    def set_product(self, product_id: str, **values: int) -> None:
        """Change a product's `price_poisha` or `stock`."""
        table = schema.products
        self.books.write(
            lambda connection: connection.execute(update(table).where(table.c.id == product_id).values(**values))
        )

    def advance_application(self, key: str, status: str, note_bn: str = "") -> None:
        applications.advance(self.books, key, status, note_bn)

    def advance_order(self, key: str, status: str) -> None:
        ekshop.advance(self.books, key, status)

    def publish(self, files: Mapping[str, str], published: str, spoil: str = "") -> None:
        """Publish files of packs by their names; see packs.Publisher."""
        self.publisher.publish({name: text.encode() for name, text in files.items()}, published, spoil)

    @staticmethod
    def publishers() -> dict[str, str]:
        """Whose signature the packs have, as settings.json wants it."""
        return {packs.KEY_ID: packs.PUBLIC_KEY}

    def seen(self, portal: str) -> list[str]:
        """What was asked of a portal so far: ["fetch", "pay", "ask"]."""
        return [kind.split(".", 1)[1] for kind in self.faults.seen if kind.startswith(f"{portal}.")]

    def _routes(self) -> Flask:
        app = Flask("sandbox")
        app.before_request(self._before)
        for played in PORTALS.values():
            app.register_blueprint(played.routes(self.books, self.faults), url_prefix=played.base)
        bases = [played.base for played in PORTALS.values()]
        journals.routes(app, self.books, bases)
        app.wsgi_app = unzipped(app.wsgi_app)  # type: ignore[method-assign]
        batches.routes(app, bases, self.books)
        self.publisher.routes(app, [played.base for played in PORTALS.values() if played.publishes])
        bodies.hold(app)
        app.before_request(self._note)
        app.after_request(self._after)
        app.after_request(packed)
        app.add_url_rule("/_sandbox/<word>", view_func=self._told, methods=["POST"])
        return app

    def _before(self) -> Response | None:
        if request.path.startswith("/_sandbox/"):
            return None
        return self.faults.before()

    def _note(self) -> None:
        journals.note(self.books)

    def _after(self, response: Response) -> Response:
        return response if request.path.startswith("/_sandbox/") else self.faults.after(response)

    def _told(self, word: str) -> Any:
        """The same by HTTP, for a sandbox that runs alone: POST /_sandbox/<method> with its arguments as JSON."""
        allowed = {name: getattr(self, name) for name in _WORDS}
        if word not in allowed:
            return jsonify(error="no such word", words=sorted(allowed)), 404
        try:
            allowed[word](**request.get_json())
        except TypeError as error:
            return jsonify(error=str(error)), 400
        return jsonify(done=word)
