"""Which portal takes what is data: a row says it, and the fee, the float, the office's word, the issued paper, the
receipts and the books follow. The example is a driver's licence that goes to Nagorik Sheba (domain.md 1.5)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from kiosk.catalogue import build
from kiosk.catalogue.catalogue import Catalogue
from kiosk.catalogue.packs import PackError
from kiosk.counter import apply, attach, cashbook, centre, close_day, order, visit, waiting
from kiosk.counter.records import Answer, Kind, LineState, ReceiptKind, Visit
from kiosk.words import LANGUAGES, float_name, trouble, words
from resources import path
from sync.sandbox import Sandbox
from tests.conftest import Room
from tests.forms.fillers import complete
from tests.kiosk.catalogue_tools import spoilt
from tests.kiosk.stories import begin, line, paper, pay, settled_bill, state, take_application, take_due, take_order

LICENCE, FEE = "learner-licence", 518_00


def licences_go_to(portal: str, text: str) -> str:
    """The services' pack with `portal` in the licences' rows."""
    rows = list(csv.DictReader(io.StringIO(text)))
    target = io.StringIO()
    written = csv.DictWriter(target, rows[0].keys(), lineterminator="\n")
    written.writeheader()
    written.writerows(row | ({"portal": portal} if row["office"] == "বিআরটিএ" else {}) for row in rows)
    return target.getvalue()


def without_portals(text: str) -> str:
    """The services' pack as it was before it named portals."""
    return "".join(f"{one.rpartition(',')[0]}\n" for one in text.splitlines())


def shipped() -> str:
    return path("packs/services.csv").read_text(encoding="utf-8")


@pytest.fixture
def room(tmp_path: Path, sandbox: Sandbox) -> Iterator[Room]:
    """A counter that a pack has told that licences go to Nagorik Sheba."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "settings.json").write_text(json.dumps({"publishers": sandbox.publishers()}), encoding="utf-8")
    sandbox.publish({"services.csv": licences_go_to("nagorik", shipped())}, "2099-01-01")
    made = Room(home, sandbox)
    made.sync()
    yield made
    made.app.stop()


def take_licence(room: Room, opened: Visit) -> Visit:
    form = apply.form(room.counter, LICENCE)
    assert form is not None
    filling = form.fill(today=room.counter.today(), now=room.counter.now())
    assert complete(filling) == []
    photo = io.BytesIO()
    Image.new("RGB", (320, 300), "gray").save(photo, "JPEG")
    ref = next(ref for ref in filling.values() if ref.endswith("/photo"))
    filling.answer(ref, attach.keep(room.counter, opened.id, LICENCE, ref, "photo.jpg", photo.getvalue()))
    answers, sent = filling.values(), filling.submission("uuid:sample")
    return apply.add(room.counter, opened.id, LICENCE, answers, sent, consent=True)


def settled_licence(room: Room) -> Visit:
    opened = begin(room)
    take_licence(room, opened)
    pay(room, opened)
    return opened


def test_a_service_whose_row_says_nagorik_is_served_there_from_the_counter_to_the_issued_paper(room: Room) -> None:
    cashbook.top_up(room.counter, "nagorik", 2_000_00, "owner")
    opened = settled_licence(room)
    room.sync()
    assert (line(room, opened).portal, state(room, opened)) == ("nagorik", LineState.ACCEPTED)
    done = {effect["kind"]: effect for effect in room.sandbox.books.effects()}
    assert set(done) == {"nagorik.application.submit", "nagorik.fee.pay", "nagorik.attachment.put"}
    assert done["nagorik.fee.pay"]["amount_poisha"] == FEE
    held = room.balances()
    assert (held["float:nagorik"], held["payable:nagorik"]) == (2_000_00 - FEE, 0)
    assert not {"float:eksheba", "payable:eksheba"} & held.keys()
    for status in ("secretary", "approved"):
        room.sandbox.advance_application(done["nagorik.application.submit"]["key"], status)
    room.sync()
    assert waiting.document_bytes(room.counter, line(room, opened).id).startswith(b"%PDF")
    assert state(room, opened) is LineState.CONFIRMED


def test_both_portals_of_one_visit_get_what_is_theirs(room: Room) -> None:
    opened = begin(room)
    take_application(room, opened)
    take_licence(room, opened)
    pay(room, opened)
    room.sync()
    assert [one.state for one in visit.get(room.counter, opened.id).lines] == [LineState.ACCEPTED] * 2
    kinds = sorted(effect["kind"] for effect in room.sandbox.books.effects())
    assert kinds == ["eksheba.application.submit", "eksheba.fee.pay", "nagorik.application.submit",
                     "nagorik.attachment.put", "nagorik.fee.pay"]


@pytest.mark.parametrize(("lang", "name"), [("bn", "নাগরিক সেবা"), ("en", "Nagorik Sheba")])
def test_receipts_and_the_days_statement_name_the_portal(room: Room, lang: str, name: str) -> None:
    centre.put(room.counter, "look", {"lang": lang})
    room.counter = centre.as_it_is_now(room.counter)
    cashbook.top_up(room.counter, "nagorik", 2_000_00, "owner")
    opened = settled_licence(room)
    room.sync()
    for kind in (ReceiptKind.PROVISIONAL, ReceiptKind.FINAL):
        assert name in "\n".join(paper(room, opened, kind).document.strings())
    total = visit.get(room.counter, opened.id).total_poisha
    told = "\n".join(close_day.close(room.counter, {1: total // 100}).document.strings())
    assert told.count(name) >= 2, "what was taken for the portal, and its float"


def test_a_centre_without_the_portal_says_what_to_do_and_sends_when_it_is_set_up(room: Room) -> None:
    room.app.stop()
    every = room.addresses
    room.addresses = {name: at for name, at in every.items() if name != "nagorik"}
    room.restart()
    verdict = apply.check(room.counter, LICENCE)
    assert (verdict.answer, verdict.rule) == (Answer.WARN, "portal-not-set-up")
    assert "‘নাগরিক সেবা (আবেদন)’" in trouble("bn", verdict.rule, **verdict.facts)
    assert apply.check(room.counter, "nationality").answer is Answer.ACCEPT
    opened, bill = settled_licence(room), settled_bill(room)
    room.sync()
    assert (state(room, opened), state(room, bill)) == (LineState.WAITING, LineState.CONFIRMED)
    [waits] = [one for one in waiting.waiting(room.counter) if one.line.portal == "nagorik"]
    assert waits.last_reason == "no_portal"
    assert all("settings.json" in words(lang)(waits.explained) for lang in LANGUAGES)
    room.app.stop()
    room.addresses = every
    room.restart()
    room.sync()
    assert state(room, opened) is LineState.ACCEPTED
    assert room.balances()["payable:nagorik"] == 0


def test_orders_and_dues_for_a_portal_without_an_address_are_warned_of_and_taken(room: Room) -> None:
    room.app.stop()
    room.addresses = {name: at for name, at in room.addresses.items() if name not in ("ekshop", "municipality")}
    room.restart()
    opened = begin(room)
    take_order(room, opened)
    take_due(room, opened)
    assert {(one.kind, one.warning) for one in visit.get(room.counter, opened.id).lines} == {
        (Kind.ORDER, "portal-not-set-up"), (Kind.DUE, "portal-not-set-up")}
    pay(room, opened)
    room.sync()
    assert {one.last_reason for one in waiting.waiting(room.counter)} == {"no_portal"}


def test_packs_from_before_there_was_a_column_go_where_they_went(tmp_path: Path) -> None:
    folder = spoilt(tmp_path, "services.csv", without_portals)
    build.build(folder, tmp_path / "catalogue.db")
    catalogue = Catalogue(tmp_path / "catalogue.db")
    assert {service.portal for service in catalogue.services()} == {"eksheba"}
    assert catalogue.portals() == ["ekpay", "eksheba", "municipality", "ekshop"]
    assert {biller.portal for biller in catalogue.billers()} == {"ekpay"}
    catalogue.close()


def test_a_portals_name_that_can_be_none_is_refused(tmp_path: Path) -> None:
    folder = spoilt(tmp_path, "services.csv", lambda text: licences_go_to("Nagorik.gov", text))
    with pytest.raises(PackError, match=r"services\.csv, row \d+: portal is 'Nagorik\.gov'"):
        build.build(folder, tmp_path / "catalogue.db")


def test_an_order_of_two_portals_goods_is_a_line_for_each(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    known = room.counter.catalogue.product
    monkeypatch.setattr(room.counter.catalogue, "product", lambda product_id: replace(
        known(product_id), portal="nagorik" if product_id == "p0166" else "ekshop"))
    opened = begin(room)
    for product in ("p0001", "p0166", "p0001"):
        order.add(room.counter, opened.id, product, 1)
    lines = visit.get(room.counter, opened.id).lines
    assert [(one.kind, one.portal, len(one.facts["items"])) for one in lines] == [
        (Kind.ORDER, "ekshop", 1), (Kind.ORDER, "nagorik", 1)]


def test_a_portal_that_has_no_words_yet_goes_by_its_own_name() -> None:
    assert (float_name("en", "nagorik"), float_name("en", "second")) == ("Nagorik Sheba float", "second float")
