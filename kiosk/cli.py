"""The counter without a window: the same use cases as commands, JSON out, words for people on standard error."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from kiosk import caretaker, times, words
from kiosk.app import App, alone
from kiosk.commands import carry, forms, portal, receipt
from kiosk.commands.terminal import code, operator_id, pin, port, print_papers, say, unlocked
from kiosk.counter.records import CounterError
from kiosk.home import STORE, Home, StoreGone
from kiosk.people.envelopes import Cost
from kiosk.refusals import REFUSALS, told
from kiosk.store import engine
from kiosk.words import trouble

_STOPPED, _UNHEARD = 130, 141  # as a shell says it of Ctrl+C, and of who writes where nobody reads any more
_ROUNDS = 3  # of sending and pulling: an outcome may free another operation


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it went well, 1 when something is wrong with the store, 2 when it was refused."""
    given = _parser().parse_args(arguments)
    _leave_no_core()
    try:
        status = int(given.run(given) or 0)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return _STOPPED
    except BrokenPipeError:  # whoever read has heard enough (`| head`); Python would complain once more at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _UNHEARD
    except tuple(REFUSALS) as error:
        return _refused(*told(error))
    return status


def _leave_no_core() -> None:
    """A crash must not write the key and the names that are in memory to the disc."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 there is none on Windows

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _refused(reason: str, facts: dict[str, Any]) -> int:
    say({"error": reason, **facts})
    print("\n".join(_both(reason, facts)), file=sys.stderr)
    return 2


def _both(reason: str, facts: dict[str, Any]) -> tuple[str, str]:
    where = f"{facts['where']}: " if facts.get("where") else ""
    return where + trouble("bn", reason, **facts), where + trouble("en", reason, **facts)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("udc-kiosk", description="Offline-first counter of a Union Digital Centre")
    parser.set_defaults(run=_open, home=_default_home())
    commands = parser.add_subparsers(metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], int | None], told: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=told, description=told)
        made.add_argument("--home", type=Path, default=_default_home(), help="the data folder")
        made.add_argument("--operator", help="who is asking (the only operator when there is one)")
        made.set_defaults(run=run)
        return made

    command("open", _open, "open the counter's window (what happens without a command)")
    command("setup", _setup, "make the first supervisor (--operator NAME); the PIN is asked for, or UDC_KIOSK_PIN")
    visit = command("visit", _visit, "serve a visit from a JSON file and print its result as JSON")
    visit.add_argument("--file", required=True, help="the visit, or - for standard input")
    command("sync", _sync, "send what waits, ask about what is unknown, pull what is new")
    command("status", _status, "what waits and how it stands")
    tried = command("attempts", _attempts, "every try at what a receipt's lines ask of portals, and what was said")
    tried.add_argument("receipt", help="the number on any of its papers")
    command("verify", _verify, "prove what the store can prove; says the first differences otherwise")
    command("recover", _recover, "set a new PIN for --operator with the recovery code (UDC_KIOSK_CODE, or asked for)")
    backup = command("backup", _backup, "copy the store into a folder")
    backup.add_argument("--to", type=Path, required=True, help="the folder, on a stick or elsewhere")
    restore = command("restore", _restore, "put a backup in the store's place, after it has proved itself")
    restore.add_argument("--from", dest="folder", type=Path, required=True, help="the backup's own folder")
    restore.add_argument("--with-code", action="store_true", help="another machine: recovery code, and a new PIN")
    books = command("books", _books, "write the books as CSV or for beancount")
    books.add_argument("--form", choices=("csv", "beancount"), default="csv")
    carry.add(command("carry", _open, "what waits as a file on a stick, where no line is"))
    portal.add(command("portal", _open, "which portals there are, and who we are there"))
    receipt.add(command("receipt", _open, "check receipts, certify devices that issue them"))
    forms.add(command("forms", _open, "for whoever writes forms: check one"))
    sandbox = command("sandbox", _sandbox, "run the sandbox portals alone, on loopback")
    sandbox.add_argument("--port", type=port, default=8940)
    demo = command("demo", _demo, "walk through a day on the sandbox portals")
    demo.add_argument("--out", type=Path, default=Path("demo-out"), help="where pictures and papers go")
    return parser


def _default_home() -> Path:
    kept = os.environ.get("UDC_KIOSK_HOME")
    if kept:
        return Path(kept)
    base = os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "udc-kiosk"


def _has_screen() -> bool:
    """Whether a window could be seen, or somebody chose where it is drawn instead."""
    named = ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY")
    return sys.platform in ("win32", "darwin") or any(os.environ.get(one) for one in named)


def _open(given: argparse.Namespace) -> int:
    if not _has_screen():
        raise CounterError("no_display")
    from kiosk.screens import main  # noqa: PLC0415 the other commands need no window

    try:
        app = App(given.home)
    except tuple(REFUSALS) as error:
        main.told_alone(*_both(*told(error)))
        raise
    return main.run(app)


def _setup(given: argparse.Namespace) -> None:
    if not given.operator:
        raise CounterError("name_missing")
    app = App(given.home)
    try:
        made = app.create_first(given.operator, pin())
        say({"operator": made.name, "role": made.role, "device": app.device.code,
              "recovery_code": app.home.recovery_code(), "secret": app.home.secret_kept_in})
    finally:
        app.stop()


def _visit(given: argparse.Namespace) -> None:
    from kiosk.counter import visit_file  # noqa: PLC0415

    text = sys.stdin.read() if given.file == "-" else _text_of(Path(given.file))
    with unlocked(given) as (app, counter):
        say(visit_file.serve(counter, text))
        print_papers(app)


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")  # Notepad begins a file with a mark
    except UnicodeDecodeError as error:
        raise CounterError("visit_file_not_utf8", where=file.name) from error


def _sync(given: argparse.Namespace) -> None:
    from kiosk.sync_once import sync_once  # noqa: PLC0415

    with unlocked(given) as (app, _counter):
        if not app.settings.portals:
            raise CounterError("sync_no_portals")
        line = sync_once(app, _ROUNDS)
        say({"line": line, **_counts(app.store.connection())})
        if line != "online":
            print(words.reason("bn", line), words.reason("en", line), sep="\n", file=sys.stderr)
        print_papers(app)


def _status(given: argparse.Namespace) -> None:
    connection = _reading(given)
    say({**_counts(connection), "waiting": _waiting(connection)})
    connection.close()


def _attempts(given: argparse.Namespace) -> None:
    from kiosk.commands.attempts import attempts  # noqa: PLC0415

    connection = _reading(given)
    say(attempts(connection, given.receipt))
    connection.close()


def _verify(given: argparse.Namespace) -> int:
    from kiosk.verify import UNREADABLE_WITNESS, verify  # noqa: PLC0415

    connection, home = _reading(given), Home(given.home, times.now)
    seen = home.head_remembered()
    findings = verify(connection, *([seen] if seen else []))
    if seen is None and home.has_witness:
        findings.append(UNREADABLE_WITNESS)
    say({"findings": [_fields(finding) for finding in findings], **_counts(connection)})
    connection.close()
    return 1 if findings else 0


def _recover(given: argparse.Namespace) -> None:
    home = Home(given.home, times.now)
    who = operator_id(home, given.operator)
    lock = alone(given.home)
    try:
        home.recover(code("Recovery code"), who, pin(), Cost())
        say({"recovered": True})
    finally:
        home.close()
        lock.release()


def _backup(given: argparse.Namespace) -> None:
    if not given.to.is_dir():  # a stick that is not in is not made on this disc
        raise CounterError("no_such_folder", folder=str(given.to))
    with unlocked(given) as (app, counter):
        made = caretaker.back_up(counter, app.home, given.to)
        say({"backup": str(made.folder), "entries": made.seq})


def _restore(given: argparse.Namespace) -> None:
    from kiosk.restore import restore  # noqa: PLC0415

    by_code = code("Recovery code") if given.with_code else ""
    given.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = alone(given.home)
    try:
        done = restore(given.folder, given.home, pin(), recovery_code=by_code, operator=given.operator or "")
    finally:
        lock.release()
    say({"restored": done.made_at, "asked_about": done.asked_about, "code": done.code})


def _books(given: argparse.Namespace) -> None:
    from kiosk.ledger import export  # noqa: PLC0415

    connection = _reading(given)
    sys.stdout.write(export.as_csv(connection) if given.form == "csv" else export.as_beancount(connection))
    connection.close()


def _fields(record: Any) -> dict[str, Any]:
    """A frozen record as a dictionary."""
    return {name: getattr(record, name) for name in record.__slots__}


def _reading(given: argparse.Namespace) -> engine.Connection:
    home = Home(given.home, times.now)
    who = operator_id(home, given.operator)
    if not (given.home / STORE).exists():
        raise StoreGone
    return home.read(who, pin())


def _counts(connection: engine.Connection) -> dict[str, Any]:
    def by_state(table: str) -> dict[str, int]:
        return dict(connection.execute(f"SELECT state, count(*) FROM {table} GROUP BY state").fetchall())

    receipts = connection.execute("SELECT count(*) FROM receipts").fetchone()[0]
    return {"visits": by_state("visits"), "lines": by_state("lines"), "operations": by_state("operations"),
            "print_jobs": by_state("print_jobs"), "receipts": receipts}


def _waiting(connection: engine.Connection) -> list[engine.Row]:
    return engine.rows(
        connection,
        """SELECT title_bn, title_en, state, CASE WHEN reason = '' AND EXISTS (SELECT 1 FROM carried JOIN
               line_operations AS tied USING (operation_key) WHERE tied.line_id = lines.id) THEN 'carried'
               ELSE reason END AS reason, official_poisha + charge_poisha AS total_poisha FROM lines
           WHERE state IN ('waiting', 'unknown', 'decide', 'refund_due') ORDER BY visit_id, position""",
    )


def _sandbox(given: argparse.Namespace) -> None:
    import threading  # noqa: PLC0415

    from sync.sandbox import Sandbox  # noqa: PLC0415

    sandbox = Sandbox()
    sandbox.start(given.port)
    say({"portals": sandbox.portals(), "publishers": sandbox.publishers(), "control": f"{sandbox.address}/_sandbox/"})
    sys.stdout.flush()
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        sandbox.stop()


def _demo(given: argparse.Namespace) -> int:
    if not _has_screen():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"  # before Qt looks for a screen
    from kiosk.demo.day import walk  # noqa: PLC0415

    return walk(given.out)


if __name__ == "__main__":
    sys.exit(main())
