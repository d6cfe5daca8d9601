"""The steps of the demo's day, as an operator would tell them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from kiosk.counter import centre, visit, waiting
from kiosk.counter.records import LineState
from kiosk.demo.power_cut import BILLS
from kiosk.ledger import journal
from kiosk.proof import authorities, certificate
from sync import outbox

if TYPE_CHECKING:
    from kiosk.demo.day import Day

_PALLI_BIDYUT = {"bllr_accno": "1234567890123", "bll_period": "2026-10", "bill_mobno": "01712345678"}


def morning(day: Day) -> None:
    """7:30. The first supervisor is made, the device certified; the line is there for a minute and brings dues."""
    hands = day.hands
    day.look("first-run")
    hands.fill("নমুনা অপারেটর", "246810")
    hands.write("246810")
    hands.press("Enter")
    hands.wait(lambda: day.window.screen_shown.name == "serve", "the counter to open")
    hands.wait(day.app.line_is_up, "the first pull")
    day.look("counter-online")
    day.line(up=False)
    day.look("counter-offline")
    day.expect("the banner says in words that there is no line", not day.app.line_is_up())
    device = day.counter.device
    asks = certificate.read_request(certificate.request(device.code, device.centre_en, device.signing_key))
    given = certificate.certify(asks, "নমুনা", date(2099, 12, 31), authorities.SANDBOX_KEY)
    centre.certify(day.counter, certificate.to_text(given))
    day.window.desk.renew()


def first_visit(day: Day) -> None:
    """A certificate, an electricity bill and seed: one visit, one payment, one receipt, no line."""
    hands = day.hands
    hands.press("F3")
    hands.fill("নমুনা নাগরিক এক", "০১৭১২৩৪৫৬৭৮")
    hands.press("Enter")
    _nationality(day)
    hands.find("পল্লী")
    hands.fill("১২৩৪৫৬৭৮৯০১২৩", "২০২৬-১০", "০১৭১২৩৪৫৬৭৮", "")
    hands.write("৬৫০")
    day.look("bill")
    hands.press("Enter")
    hands.find("ধান বীজ বিনা")
    hands.fill("২")
    hands.press("Enter")
    hands.find("নকশি")
    hands.fill("১")
    day.look("order")
    hands.press("Enter")
    day.look("basket")
    _pay(day, "৫০০০", "payment")
    day.look("receipt")
    receipt = waiting.recent_receipts(day.counter)[0]
    texts = " ".join(receipt.document.strings())
    day.expect("the receipt says that it is provisional", "অস্থায়ী" in texts and "পেমেন্ট অপেক্ষমাণ" in texts)
    day.expect("the official fee and the charge stand apart", "সরকারি ফি" in texts and "সেবামূল্য" in texts)
    day.prove("after the first visit")


def _nationality(day: Day) -> None:
    hands = day.hands
    hands.find("নাগরিকত্ব")
    hands.wait(lambda: day.window.screen_shown.name == "application", "the form")
    hands.fill("", "নমুনা পিতা", "নমুনা মাতা", "১২/৩/৮৫")
    hands.press("Down")
    hands.press("Tab")
    hands.fill("৮৫১২৩৪৫৬৭৮", "", "সিলেট", "হবিগঞ্জ", "শায়েস্তা", "নুর", "নমুনা গ্রাম", "৩", "", "", "", "")
    hands.press("1", "2", "Enter", "Tab", "Space")
    day.look("form")
    hands.press("Tab", "Enter")


def _pay(day: Day, cash: str, shot: str = "") -> None:
    hands = day.hands
    hands.press("F9")
    hands.write(cash)
    if shot:
        day.look(shot)
    hands.press("Enter")
    hands.wait(lambda: day.window.screen_shown.name == "receipt", "the receipt")


def second_visit(day: Day) -> None:
    """A second villager: an heirs' certificate with its table, and a holding tax."""
    hands = day.hands
    day.clock.put(7, 42)
    hands.press("F2", "F3")
    hands.fill("নমুনা নাগরিক দুই", "01912345678")
    hands.press("Enter")
    hands.find("warish")
    hands.wait(lambda: day.window.screen_shown.name == "application", "the form")
    hands.fill("নমুনা মৃত ব্যক্তি", "নমুনা পিতা", "২০২৬-০৯-০১", "", "", "", "", "", "নমুনা গ্রাম", "৫", "", "", "", "", "")
    _heir(day, "নমুনা ওয়ারিশ এক", 3)
    hands.press("F6")
    _heir(day, "নমুনা ওয়ারিশ দুই", 4)
    day.look("heirs")
    hands.press("Tab", "1", "2", "3", "Enter", "Tab", "Space", "Tab", "Enter")
    hands.find("holding")
    hands.write("০০৩")
    hands.press("Enter")
    day.look("dues")
    hands.press("Enter")
    _pay(day, "১০০০")
    day.prove("after the second visit")


def _heir(day: Day, name: str, relation: int) -> None:
    day.hands.write(name)
    day.hands.press("Tab", *["Down"] * relation, "Tab", "Tab")


def third_visit(day: Day) -> None:
    """7:50. A DESCO bill outside its hours and a prepaid top-up: both refused, in words, no money taken."""
    hands = day.hands
    day.clock.put(7, 50)
    before = journal.balances(day.app.store.connection())
    hands.press("F2", "F3")
    hands.fill("নমুনা নাগরিক তিন", "01612345678")
    hands.press("Enter")
    for text, shot in (("ডেসকো বিল", "desco-outside-hours"), ("prepaid", "prepaid-offline")):
        hands.find(text)
        day.look(shot)
        said = day.window.screen_shown.verdict.text()  # type: ignore[attr-defined]
        day.expect(f"refused with a reason: {said}", "টাকা নেবেন না" in said)
        enabled = day.window.screen_shown.add.isEnabled()  # type: ignore[attr-defined]
        day.expect("it can't be added all the same", not enabled)
    hands.press("F8")
    day.look("parked")
    day.expect("no money was taken", before == journal.balances(day.app.store.connection()))
    day.clock.put(9, 10)


def after_the_cut(day: Day) -> None:
    """The program starts again: the unfinished visit is in the basket, nothing was taken twice."""
    hands = day.hands
    hands.write("246810")
    hands.press("Enter")
    hands.wait(lambda: day.window.screen_shown.name == "serve", "the counter to open")
    day.prove("after the power cut")
    day.look("after-the-power-cut")
    at_hand = visit.current(day.counter)
    day.expect("the unfinished visit survived", at_hand is not None and len(at_hand.lines) == len(BILLS))
    _pay(day, "১০০০")
    settled = day.app.store.row("SELECT count(*) AS visits FROM visits WHERE state = 'settled'")
    day.expect("nothing was doubled", settled is not None and settled["visits"] == 3)
    day.prove("after the fourth visit")


def line_returns(day: Day) -> None:
    """The line returns: one bill is already paid, one has another amount, one answer is lost on the way."""
    sandbox = day.sandbox
    sandbox.fail_next("ekpay.pay", "lose_after")
    for (biller, _inputs, amount), wire_name in zip(BILLS, ("bll_no", "bllr_accno"), strict=True):
        number = next(iter(_inputs.values()))
        dearer = 25_00 if biller == "b522" else 0
        sandbox.bill(biller, {wire_name: number}, amount + dearer, paid=biller == "b523")
    day.hands.press("F7")
    day.look("waiting-for-the-line")
    day.line(up=True)
    day.settled_down()
    day.look("after-the-sync")
    connection = day.app.store.connection()
    lost = next(kept for kept in outbox.every(connection) if kept.operation.payload.get("biller_id") == "breb")
    tried = [one.what for one in outbox.attempts(connection, lost.operation.key) if one.outcome != "later"]
    day.expect("a lost answer was asked about, and not paid again", tried == ["send", "ask"])
    day.expect("the bill paid before became money owed", day.waits(LineState.REFUND_DUE) == 1)
    day.expect("the changed amount asks for a decision", day.waits(LineState.DECIDE) == 1)
    day.prove("after the sync")


def decisions(day: Day) -> None:
    """The operator collects the difference of the dearer bill and pays back the one that was paid before."""
    hands = day.hands
    hands.press("F7", "Up", "Up", "Up")
    day.look("a-decision")
    hands.press("F6")
    day.settled_down()
    hands.press("F7", "Up", "Up", "Up")
    hands.press("F4")
    day.look("paid-back")
    day.settled_down()
    open_ends = day.waits(LineState.REFUND_DUE) + day.waits(LineState.DECIDE)
    day.expect("nothing is owed and nothing is undecided", not open_ends)
    day.prove("after the decisions")


def paper_arrives(day: Day) -> None:
    """The office grants the certificate; the document arrives and is printed (or kept, where there is no printer)."""
    connection = day.app.store.connection()
    made = outbox.every(connection)
    submitted = next(kept for kept in made if kept.operation.payload.get("service_id") == "nationality")
    for status in ("secretary", "chairman", "approved"):
        day.sandbox.advance_application(submitted.operation.key, status)

    def arrived() -> bool:
        day.app.try_line_now()
        return bool(waiting.documents(day.counter))

    day.hands.wait(arrived, "the document")
    day.settled_down()
    paper = waiting.documents(day.counter)[0]
    day.expect("it is a PDF", waiting.document_bytes(day.counter, paper.line_id).startswith(b"%PDF"))
    day.hands.press("F7", "Up", "Up", "Up", "F8")
    day.look("the-document-arrived")
    kept_at = day.home / "exports" / paper.file_name
    day.expect("it went to the printer's folder whole", kept_at.read_bytes().startswith(b"%PDF"))
    finals = [receipt for receipt in waiting.recent_receipts(day.counter) if receipt.kind == "final"]
    day.expect("each of the three visits has its final receipt", len(finals) == 3)
    day.window.open("receipt", {"number": finals[-1].shown_number})
    day.look("final-receipt")
    day.hands.press("F12")
    day.look("english")
    day.hands.press("F12")


def accounts(day: Day) -> None:
    """The books of the counter and of the portals are laid side by side."""
    connection = day.app.store.connection()
    effects = day.sandbox.books.effects()
    moved = sum(effect["amount_poisha"] for effect in effects)
    held = journal.balances(connection)
    opened = sum(
        row["poisha"] for row in day.app.store.rows(
            """SELECT amount_poisha AS poisha FROM postings JOIN transactions ON transactions.id = transaction_id
               WHERE cause = 'float_opened' AND amount_poisha > 0"""))
    spent = opened - sum(amount for account, amount in held.items() if account.startswith("float:"))
    day.expect(f"portals and counter agree to the poisha: {moved / 100:.2f} and {spent / 100:.2f} taka", moved == spent)
    day.expect("no effect at a portal happened twice", len({effect["key"] for effect in effects}) == len(effects))
    day.expect("the trial balance is zero", sum(held.values()) == 0)
    owed = [amount for name, amount in held.items() if name.startswith("payable:") and amount]
    day.expect("nothing is owed to a portal", not owed)
    day.hands.press("F7")
    day.look("end-of-the-day")
