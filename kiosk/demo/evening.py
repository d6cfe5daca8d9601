"""The evening of the demo's day: the drawer is counted, a copy is made, and the copy opens on another machine."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from kiosk import bangla
from kiosk.app import App
from kiosk.commands.receipt import names
from kiosk.counter import cashbook, centre, close_day, issue
from kiosk.ledger import accounts
from kiosk.proof import authorities, check, page, scan
from kiosk.proof.check import Verdict
from kiosk.restore import restore
from kiosk.verify import verify
from printing import raster

if TYPE_CHECKING:
    from kiosk.demo.day import Day


def close_the_day(day: Day) -> None:
    """18:30. The drawer is counted note by note and lacks ten taka; the day is closed and can't be changed."""
    day.clock.put(18, 30)
    hands = day.hands
    expected = cashbook.balance(day.counter, accounts.CASH)
    hands.press("F1")
    day.look("office")
    hands.press("1")
    rest = expected // 100 - 10
    for note in close_day.NOTES:
        count, rest = divmod(rest, note)
        hands.fill(bangla.digits(str(count)) if count else "")
    day.look("count")
    hands.press("F9")
    hands.wait(lambda: bool(close_day.closes(day.counter)), "the close")
    day.look("day-closed")
    closed = close_day.closes(day.counter)[0]
    over = closed.counted_poisha - closed.expected_poisha
    day.expect(f"the report says what is short: {bangla.taka(over)}", over < 0)
    day.expect("the trial balance is zero after the close", sum(_balances(day)) == 0)
    day.prove("after the day was closed")


def receipts_prove_themselves(day: Day) -> None:
    """A citizen checks receipts without a line: each one's code is read from its picture, and one is tampered with."""
    known, folder = authorities.read(), day.evidence.folder
    (folder / "receipt-check.html").write_text(page.page(known, names()), encoding="utf-8")
    verdicts, text = [], ""
    for found in day.app.store.rows("SELECT * FROM receipts ORDER BY number"):
        picture = folder / "code.png"
        raster.render(issue.receipt_of(found).document, 384).save(picture)
        [text] = scan.codes(picture)
        picture.unlink()
        checked = check.check(text, known)
        verdicts.append(checked.verdict)
        same = checked.read is not None and checked.read.shown_number == found["shown"]
        day.broken += [] if same else [f"{found['shown']}: its code says another number"]
    true = {Verdict.TRUE_FINAL, Verdict.TRUE_PROVISIONAL}
    day.expect(f"{len(verdicts)} receipts prove themselves from their pictures", set(verdicts) == true)
    changed = text[:-9] + ("0" if text[-9] != "0" else "1") + text[-8:]
    day.expect("one letter changed is told", check.check(changed, known).verdict is Verdict.ALTERED)


def copy_and_restore(day: Day) -> None:
    """A copy goes to a stick, the laptop is stolen; with the code on paper the copy opens on another machine."""
    stick = day.evidence.folder / "stick"
    shutil.rmtree(stick, ignore_errors=True)
    stick.mkdir()
    centre.put(day.counter, "backup", {"folder": str(stick)})
    day.hands.press("F1")
    day.hands.press("8")
    day.look("backup")
    [copy] = stick.iterdir()
    names = ("নমুনা নাগরিক", "01712345678", "নমুনা অপারেটর")
    readable = [name for file in copy.iterdir() for name in names if name.encode() in file.read_bytes()]
    day.expect("no name and no number can be read in the copy", not readable)
    code = day.app.home.recovery_code()
    other = day.evidence.folder / "other-home"
    shutil.rmtree(other, ignore_errors=True)
    restore(copy, other, "975310", recovery_code=code, clock=day.clock)
    app = App(other, portals={}, clock=day.clock)
    try:
        app.unlock(next(iter(app.home.envelopes.names())), "975310")
        counts = [one.store.rows("SELECT count(*) FROM receipts") for one in (app, day.app)]
        day.expect("every receipt is there on the other machine", counts[0] == counts[1])
        day.expect("the copy proves itself there", verify(app.store.connection()) == [])
    finally:
        app.stop()


def _balances(day: Day) -> list[int]:
    return list(day.app.store.connection().execute("SELECT sum(amount_poisha) FROM postings").fetchone())
