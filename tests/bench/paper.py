"""Paper: from words to dots, bytes and pages, beside Pillow's and python-escpos's own ways; commit to first byte."""

from __future__ import annotations

import contextlib
import io
import itertools
import json
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, features

from kiosk import bangla
from kiosk.app import App
from kiosk.counter import pay_bill, visit
from kiosk.counter.records import Tender, TenderKind
from kiosk.counter.settle import settle
from kiosk.people import Cost
from printing import escpos, pdf, raster
from printing.document import Align, Document, Heading, Row, Rule, Stamp, Table, Text
from resources import path
from tests.bench.timing import ratio, say, timed, told
from tests.kiosk.stories import PALLI
from tests.printing.fake_printer import FakePrinter, Fault, on_loopback

_RUNS, _VISITS = 60, 60
_LIMIT_MS = 5.0
_SIZE, _LINE = 22, 31


def main(folder: Path) -> None:
    to_dots()
    to_bytes()
    to_pages()
    for profile in ("xprinter58", "clone58"):
        first_byte(folder / profile, profile)


def receipt(number: int) -> Document:
    """25 lines, with amounts and names that no other number has."""
    def amount(place: int) -> str:
        return bangla.taka(100_00 * number + 1_237_00 * place + 50)

    rows = tuple(Row(f"ধান বীজ ব্রি ধান {bangla.digits(str(number + place))}", amount(place)) for place in range(16))
    return Document(f"B-{number}", "B", (
        Heading("নমুনা ইউনিয়ন ডিজিটাল সেন্টার", 2), Rule(), Row("রশিদ নং", f"B-{number:06d}", bold=True), Stamp("অস্থায়ী"),
        *rows, Row("মোট", amount(99), bold=True), Text("টাকা গ্রহণ করা হয়েছে, পেমেন্ট অপেক্ষমাণ।"), Rule(dashed=True),
        Text("কর্তৃপক্ষ ক্ষুদ্র জ্ঞান র‍্যাব"), Text("অপারেটর: নমুনা", Align.CENTRE, small=True),
    ))


def to_dots() -> None:
    """Layout and raster at 384 dots: the same receipt again, others each time, and their lines by Pillow with raqm."""
    began = time.perf_counter()
    raster.render(receipt(0), 384)
    say(f"25-line receipt to dots, 58 mm, the first of a process: {(time.perf_counter() - began) * 1000:.0f} ms")
    same = [timed(lambda: raster.render(receipt(1), 384)) for _ in range(_RUNS)]
    others = [timed(lambda number=number: raster.render(receipt(number), 384))  # type: ignore[misc]
              for number in range(2, _RUNS + 2)]
    kept = "kept" if sorted(others)[_RUNS // 2] <= _LIMIT_MS else "NOT kept"
    say(f"  warm, the same again: {told(same)}; another each time: {told(others)} (limit {_LIMIT_MS:.0f} ms: {kept})")
    if not features.check("raqm"):
        say("  Pillow has no raqm here (it wants the system's FriBiDi); not compared")
        return
    theirs = [timed(lambda number=number: by_pillow(receipt(number), 384))  # type: ignore[misc]
              for number in range(2, _RUNS + 2)]
    say(f"  the same lines by Pillow with raqm: {told(theirs)}; ours take {ratio(others, theirs):.2f} of it")


def by_pillow(document: Document, width: int) -> Image.Image:
    """Every string on a line of its own, values at the right: less than a layout, in Pillow's favour."""
    font = _font()
    image = Image.new("1", (width, _LINE * 2 * len(document.blocks)), 1)
    pen, top = ImageDraw.Draw(image), 0
    for block in document.blocks:
        for text in _strings(block):
            pen.text((0, top), text, font=font, fill=0, language="bn")
        top += _LINE
    return image


def _strings(block: object) -> Iterator[str]:
    for name in ("text", "label", "value"):
        if text := getattr(block, name, ""):
            yield str(text)


def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path("fonts/NotoSansBengali-Regular.ttf")), _SIZE,
                              layout_engine=ImageFont.Layout.RAQM)


def to_bytes() -> None:
    """The same picture as a job, by us and by python-escpos; and from words to the first command."""
    os.environ.setdefault("ESCPOS_CAPABILITIES_PICKLE_DIR", tempfile.gettempdir())
    from escpos.printer import Dummy

    for width in (384, 576):
        image = raster.render(receipt(1), width)
        ours = [timed(lambda image=image: escpos.encode(image)) for _ in range(_RUNS)]  # type: ignore[misc]

        def by_escpos(image: Image.Image = image) -> bytes:
            printer = Dummy(profile="TM-T20II")
            printer.image(image, impl="bitImageRaster", fragment_height=120, center=False)
            return bytes(printer.output)

        with contextlib.redirect_stdout(io.StringIO()):
            theirs = [timed(by_escpos) for _ in range(_RUNS)]
            size = len(by_escpos())
        share = len(escpos.encode(image)) / (width // 8 * image.height)
        say(f"dots to bytes, {width} dots: {told(ours)}, {share:.0%} of the plain raster; python-escpos's image():"
            f" {told(theirs)}; ours take {ratio(ours, theirs):.2f} of its time and"
            f" {len(escpos.encode(image)) / size:.2f} of its bytes")
    from printing.profiles import PROFILES

    def first_command(number: int) -> object:
        commands = escpos.stream(receipt(number), 384, PROFILES["clone58"])
        return list(itertools.islice(commands, 3))

    first = [timed(lambda number=number: first_command(number)) for number in range(100, 100 + _RUNS)]  # type: ignore[misc]
    say(f"words to the first line's dots while the rest is not laid out yet: {told(first)}")


def to_pages() -> None:
    """A statement of 500 rows on A4."""
    rows = tuple(
        (bangla.digits(str(place)), f"পল্লী বিদ্যুৎ বিল {bangla.digits(str(1029384 + place * 97))}",
         bangla.taka(650_00 + place * 137)) for place in range(500)
    )
    statement = Document("S", "বিবরণী", (
        Heading("বিবরণী"), Table(("ক্রম", "বিবরণ", "টাকা"), rows, (1, 5, 2), (Align.LEFT, Align.LEFT, Align.RIGHT)),
    ))
    taken = [timed(lambda: pdf.render(statement, "A4")) for _ in range(5)]
    say(f"statement of 500 rows as PDF: {told(taken)}, {len(pdf.render(statement, 'A4')) / 1024:.0f} KiB")


class Watched(FakePrinter):
    """Remembers when the first byte of a job came."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.came = threading.Event()
        self.at = 0.0

    def take(self, data: bytes) -> None:
        if b"\x1b@" in data and not self.came.is_set():
            self.at = time.perf_counter()
            self.came.set()
        super().take(data)


def first_byte(home: Path, profile: str) -> None:
    """From the end of a visit's commit to its receipt's first byte at a printer on loopback."""
    machine = Watched(Fault(silent=profile == "clone58"))
    with on_loopback(machine) as port:
        home.mkdir(parents=True)
        said = {"printer": "network", "printer_host": "127.0.0.1", "printer_port": port, "printer_profile": profile}
        (home / "settings.json").write_text(json.dumps(said))
        app = App(home, portals={})
        counter = app.counter(app.create_first("নমুনা", "246810", Cost(memory_kib=1024, passes=1, lanes=1)))
        app.start()

        def serve(place: int) -> float:
            opened = visit.open_visit(counter)
            other = {"account_no": f"12345678{place:05d}", "mobile": f"017123{place:05d}"}
            pay_bill.add(counter, opened.id, "breb", {**PALLI, **other}, 650_00)
            total = visit.get(counter, opened.id).total_poisha
            machine.came.clear()
            settle(counter, opened.id, [Tender(TenderKind.CASH, total)])
            began = time.perf_counter()
            app.something_new()
            machine.came.wait(30)
            return (machine.at - began) * 1000

        times = _settled(serve, machine)
        app.stop()
    say(f"commit to the first byte at the printer ({profile}): {told(times)}")


def _settled(serve: Callable[[int], float], machine: Watched) -> list[float]:
    """Each visit on a printer that has printed the last one; the first ones warm up."""
    times = []
    for place in range(_VISITS + 3):
        taken = serve(place)
        before = -1
        while before != machine.taken:
            before = machine.taken
            time.sleep(0.15)
        if place >= 3:
            times.append(taken)
    return times
