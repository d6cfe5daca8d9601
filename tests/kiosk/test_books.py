"""Money balances: random days against a model, the day's close, the cash book, the exported books before a judge."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.counter import cashbook, centre, close_day, decide, statement, visit, waiting
from kiosk.counter.figures import Figures
from kiosk.counter.records import CounterError, LineState, Tender, TenderKind
from kiosk.counter.refund import pay_back
from kiosk.counter.settle import settle
from kiosk.ledger import accounts, export, journal
from kiosk.people import Operator
from kiosk.store import engine
from kiosk.verify import verify
from sync.sandbox import Sandbox
from tests.conftest import Room
from tests.kiosk.stories import PALLI, begin, pay, settled_bill, state, take_application, take_bill, take_order


def notes(poisha: int) -> dict[int, int]:
    """How a drawer's taka may lie in notes."""
    counted, rest = {}, poisha // 100
    for note in close_day.NOTES:
        counted[note], rest = divmod(rest, note)
    return counted


def cash(room: Room) -> int:
    return cashbook.balance(room.counter, accounts.CASH)


def holds(room: Room) -> None:
    assert verify(room.app.store.connection()) == []
    assert sum(room.balances().values()) == 0


def test_a_day_that_counts_even_is_closed_and_printed_once(room: Room) -> None:
    settled_bill(room)
    closed = close_day.close(room.counter, notes(cash(room)))
    assert closed.over_poisha == 0
    assert closed.figures.visits == 1
    assert closed.figures.cash_taken_poisha == closed.counted_poisha
    assert "হিসাব মিলেছে" in closed.document.strings()
    holds(room)
    with pytest.raises(CounterError, match="nothing_to_close"):
        close_day.close(room.counter, {})


def test_a_drawer_that_holds_less_is_posted_as_short_and_the_next_day_begins_with_what_was_counted(room: Room) -> None:
    settled_bill(room)
    expected = cash(room)
    closed = close_day.close(room.counter, notes(expected - 20_00))
    assert closed.over_poisha == -20_00
    assert cashbook.balance(room.counter, accounts.OVER_SHORT) == 20_00
    room.clock.forward(days=1)
    settled_bill(room, 300_00)
    assert close_day.figures(room.counter).opening_poisha == expected - 20_00
    assert close_day.close(room.counter, notes(cash(room))).figures.since
    holds(room)


def test_a_closed_day_can_not_be_changed(room: Room) -> None:
    settled_bill(room)
    close_day.close(room.counter, notes(cash(room)))
    for sql in ("UPDATE day_closes SET counted_poisha = 0", "DELETE FROM day_closes"):
        with pytest.raises(engine.IntegrityError, match="append-only"):
            room.app.store.connection().execute(sql)


def test_a_day_closed_before_its_outcomes_says_what_is_still_open(room: Room) -> None:
    room.sandbox.fail_next("ekpay.fetch", "refuse")
    settled_bill(room)
    told = close_day.close(room.counter, notes(cash(room))).figures
    assert (told.provisional_lines, told.refunds_due) == (1, 0)
    room.sync()
    told = close_day.close(room.counter, notes(cash(room))).figures
    assert (told.provisional_lines, told.refunds_due, told.refunds_due_poisha) == (0, 1, 660_00)
    assert told.portals[0].given_back_poisha == 650_00
    assert told.charge_poisha == -10_00


@pytest.mark.parametrize("counted", [{3: 1}, {100: -1}])
def test_a_count_that_can_not_be_is_refused(room: Room, counted: dict[int, int]) -> None:
    settled_bill(room)
    with pytest.raises(CounterError, match="bad_count"):
        close_day.close(room.counter, counted)


def test_vat_is_inside_the_charge_and_comes_back_with_a_refund(room: Room) -> None:
    centre.put(room.counter, "vat", {"permille": 150})
    room.sandbox.fail_next("ekpay.fetch", "refuse")
    opened = settled_bill(room)
    assert visit.get(room.counter, opened.id).lines[0].vat_poisha == 1_30  # 10.00 taka = 8.70 + 15 %
    assert cashbook.balance(room.counter, accounts.VAT) == -1_30
    assert cashbook.balance(room.counter, accounts.CHARGE) == -8_70
    room.sync()
    assert state(room, opened) is LineState.REFUND_DUE
    assert cashbook.balance(room.counter, accounts.VAT) == 0
    holds(room)


def test_money_moves_between_drawer_bank_floats_and_owner(room: Room) -> None:
    settled_bill(room, 4_000_00)
    cashbook.put_in(room.counter, 500_00)
    cashbook.top_up(room.counter, "eksheba", 1_000_00, "cash")
    cashbook.deposit(room.counter, 2_000_00)
    assert cash(room) == 4_010_00 + 500_00 - 1_000_00 - 2_000_00
    assert cashbook.balance(room.counter, accounts.float_of("eksheba")) == 1_000_00
    with pytest.raises(CounterError, match="drawer_too_small"):
        cashbook.deposit(room.counter, 2_000_00)
    opened = begin(room)
    take_bill(room, opened, 100_00)
    settle(room.counter, opened.id, [Tender(TenderKind.MFS, 110_00, "TX1")])
    with pytest.raises(CounterError, match="more_than_awaited"):
        cashbook.arrived(room.counter, TenderKind.MFS, 111_00)
    cashbook.arrived(room.counter, TenderKind.MFS, 110_00)
    assert cashbook.balance(room.counter, accounts.clearing("mfs")) == 0
    holds(room)


def test_what_a_role_may_not_do_is_refused_with_words(room: Room) -> None:
    room.sandbox.fail_next("ekpay.fetch", "refuse")
    settled_bill(room, 900_00)
    room.sync()
    everybody = {role: Operator(room.counter.operator.id, "নমুনা", role) for role in ("operator", "field")}
    operator, field = (replace(room.counter, operator=everybody[role]) for role in ("operator", "field"))
    with pytest.raises(CounterError, match="not_in_the_field"):
        close_day.close(field, {})
    with pytest.raises(CounterError, match="supervisor_needed"):
        centre.put(operator, "refund_limit", {"limit_poisha": 0})
    [due] = waiting.refunds_due(room.counter)
    assert due.amount_poisha > 500_00
    with pytest.raises(CounterError, match="supervisor_needed"):
        pay_back(operator, due.line_id)
    pay_back(room.counter, due.line_id)
    holds(room)


def test_the_unions_own_fee_holds_from_its_day_and_the_receipt_keeps_its_version(room: Room) -> None:
    opened = begin(room)
    before = take_application(room, opened).lines[0]
    centre.set_fee(room.counter, "nationality", "", 20_00, 10_00)
    after = take_application(room, begin(room)).lines[0]
    assert (before.official_poisha, before.charge_poisha) == (30_00, 20_00)
    assert (after.official_poisha, after.charge_poisha, after.fee_version) == (20_00, 10_00, "nationality@centre-1")
    assert visit.get(room.counter, opened.id).lines[0].fee_version == "nationality@2018"
    with pytest.raises(CounterError, match="before_today"):
        centre.put(room.counter, "fee:nationality:", {}, date(2020, 1, 1))


def test_the_centres_own_limit_is_what_a_bill_is_judged_by(room: Room) -> None:
    centre.set_rule(room.counter, "bills-per-payer", {"limit": 1})
    settled_bill(room)
    with pytest.raises(CounterError, match="bills-per-payer"):
        take_bill(room, begin(room), 100_00)
    with pytest.raises(CounterError, match="no_such_rule"):
        centre.set_rule(room.counter, "bills-per-payer", {"other": 1})


def test_the_price_list_comes_from_the_rows_that_receipts_use(room: Room) -> None:
    centre.set_fee(room.counter, "nationality", "", 21_00, 11_00)
    told = statement.price_list(room.counter).strings()
    place = next(at for at, text in enumerate(told) if text.startswith("নাগরিকত্ব সনদ"))
    assert told[place:place + 3] == ["নাগরিকত্ব সনদ", "৳\u00a0২১.০০", "৳\u00a0১১.০০"]
    assert any("৪৮ পাতা, ৫ বছর, সাধারণ" in text for text in told)


def test_a_months_statement_adds_up_to_its_days(room: Room) -> None:
    settled_bill(room, 650_00)
    room.clock.forward(days=2)
    settled_bill(room, 350_00)
    told = statement.month(room.counter, room.counter.today()).strings()
    assert "৳\u00a0৬৬০.০০" in told
    assert "৳\u00a0৩৬০.০০" in told
    assert "৳\u00a0১,০২০.০০" in told


def test_an_independent_judge_accepts_the_exported_books(room: Room, tmp_path: Path) -> None:
    opened = begin(room)
    for take in (take_application, take_order):
        take(room, opened)
    take_bill(room, opened)
    pay(room, opened)
    room.sync()
    cashbook.deposit(room.counter, 100_00)
    close_day.close(room.counter, notes(cash(room) - 5_00))
    file = tmp_path / "books.beancount"
    file.write_text(export.as_beancount(room.app.store.connection()), encoding="utf-8")
    judge = [str(Path(sys.executable).with_name("bean-check")), str(file)]
    done = subprocess.run(judge, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = file.read_text(encoding="utf-8")
    assert "  Income:Charge  -" in told
    file.write_text(told.replace("  Income:Charge  -", "  Income:Charge  -1", 1), encoding="utf-8")
    assert subprocess.run(judge, capture_output=True, check=False).returncode != 0


def test_the_books_as_csv_sum_to_zero_and_hold_every_posting(room: Room) -> None:
    settled_bill(room)
    room.sync()
    lines = list(csv.DictReader(io.StringIO(export.as_csv(room.app.store.connection()))))
    assert sum(round(float(line["taka"]) * 100) for line in lines) == 0
    assert len(lines) == room.app.store.connection().execute("SELECT count(*) FROM postings").fetchone()[0]


_KINDS = ("bill", "mfs", "refused", "dearer", "sync", "refund", "deposit", "close")
_DEEDS = st.lists(st.sampled_from(_KINDS), max_size=14)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(deeds=_DEEDS, amounts=st.lists(st.integers(1_00, 2_000_00), min_size=14, max_size=14))
def test_any_day_leaves_the_trial_balance_at_zero_and_the_drawer_as_a_model_says(
    tmp_path_factory: pytest.TempPathFactory, deeds: list[str], amounts: list[int]
) -> None:
    sandbox = Sandbox()
    sandbox.start()
    room = Room(tmp_path_factory.mktemp("day") / "home", sandbox)
    try:
        room.sync()
        drawer = 0
        for place, (deed, amount) in enumerate(zip(deeds, amounts, strict=False)):
            drawer += _do(room, deed, amount, place, drawer)
            assert cash(room) == drawer, deed
            holds(room)
        assert isinstance(close_day.figures(room.counter), Figures)
    finally:
        room.app.stop()
        sandbox.stop()


def _do(room: Room, deed: str, amount: int, place: int, drawer: int) -> int:
    """Do one thing; what it should have changed in the drawer."""
    if deed in ("bill", "mfs", "refused", "dearer"):
        return _serve(room, deed, amount, place)
    if deed == "sync":
        room.sync()
        for one in waiting.waiting(room.counter):
            if one.line.state is LineState.DECIDE:
                decide.give_back(room.counter, one.line.id)
        return 0
    if deed == "refund":
        due = waiting.refunds_due(room.counter)[:1]
        for owed in due:
            pay_back(room.counter, owed.line_id)
        return -sum(owed.amount_poisha for owed in due)
    if deed == "deposit":
        if drawer >= 100_00:
            cashbook.deposit(room.counter, 100_00)
        return -100_00 if drawer >= 100_00 else 0
    try:
        return close_day.close(room.counter, notes(drawer - drawer % 100)).over_poisha
    except CounterError:
        return 0


def _serve(room: Room, deed: str, amount: int, place: int) -> int:
    room.clock.forward(hours=30)  # no limit a day stands in the way
    opened = begin(room)
    take_bill(room, opened, amount)
    kind = TenderKind.MFS if deed == "mfs" else TenderKind.CASH
    settle(room.counter, opened.id, [Tender(kind, amount + 10_00, f"TX{place}")])
    if deed == "refused":
        room.sandbox.fail_next("ekpay.fetch", "refuse")
    if deed == "dearer":
        room.sandbox.bill("breb", PALLI, amount + 37_00)
    return 0 if deed == "mfs" else amount + 10_00


def test_the_journal_refuses_what_does_not_balance(room: Room) -> None:
    with pytest.raises(journal.Unbalanced), room.app.store.transaction() as connection:
        journal.post(
            connection, [journal.Posting(accounts.CASH, 1)], cause="visit", cause_id="x", at=room.clock(),
            operator_id="",
        )
