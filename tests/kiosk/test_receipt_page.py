"""The page that checks receipts says in a real browser, without a line, what the program says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import quote

import pytest

from kiosk.commands.receipt import names
from kiosk.proof import check, page
from tests.kiosk import browser, certified
from tests.kiosk.certified import FINAL, PROVISIONAL, known, proved

needs_chromium = pytest.mark.skipif(browser.CHROMIUM is None, reason="where Chromium is installed")


def written(folder: Path, *, revoked: bool = False, more: str = "") -> Path:
    file = folder / "check.html"
    file.write_text(page.page(known(revoked), names()).replace("</body>", f"{more}</body>"), encoding="utf-8")
    return file


def test_the_page_is_one_file_that_asks_for_nothing_from_elsewhere() -> None:
    text = page.page(known(), names())
    assert "default-src 'none'" in text
    assert not re.search(r"https?:|//\w+\.|<link|\bimport\b|fetch\(|XMLHttpRequest|\bsrc=", text)


def test_words_can_not_end_the_script_they_stand_in() -> None:
    assert page.page(known(), {"x": ("</script>", "")}).count("</script>") == 1


@needs_chromium
def test_a_browser_says_what_the_receipt_says(tmp_path: Path) -> None:
    seen = browser.dom(written(tmp_path), quote(proved(PROVISIONAL), safe=""), tmp_path)
    assert browser.verdict(seen) == "true_provisional"
    said = browser.element(seen, "verdict").replace("\u00a0", " ")
    for text in ("আসল, তবে অস্থায়ী", "২৭ নভেম্বর ২০২৬ তারিখের পর", "TEST-০০০০৪১", "২৪ নভেম্বর ২০২৬ ১৫:৩০", "৳ ১,২৫০.০০",
                 "পল্লী বিদ্যুৎ বিল", "নম্বরের শেষে", "০১২৩", "৳ ২,০০৫.০০", "পরীক্ষামূলক"):
        assert text in said


@needs_chromium
def test_a_browser_knows_what_was_withdrawn(tmp_path: Path) -> None:
    seen = browser.dom(written(tmp_path, revoked=True), quote(proved(), safe=""), tmp_path)
    assert browser.verdict(seen) == "revoked"
    assert "২০ নভেম্বর ২০২৬ তারিখে বাতিল" in browser.element(seen, "verdict")


@needs_chromium
def test_the_browser_and_the_program_never_differ(tmp_path: Path) -> None:
    """Every single-bit change of a receipt is refused by both, and so is what only looks like one."""
    stranger = certified.certified(authority=b"x" * 32)
    texts = [proved(), proved(PROVISIONAL), proved(certificate_=b""), proved(certificate_=stranger), "", "UDC1:",
             "UDC1:BB8", proved()[:-1], proved().lower(), *certified.every_flip(proved(FINAL)),
             *certified.every_flip(proved(certificate_=b""))[::7]]
    more = f"""<p id="all"></p><script>(async () => {{
        const found = [];
        for (const text of {json.dumps(texts)}) found.push((await check(text)).verdict);
        document.getElementById("all").textContent = JSON.stringify(found);
    }})();</script>"""
    seen = json.loads(browser.element(browser.dom(written(tmp_path, more=more), "", tmp_path), "all"))
    trusted = known()
    assert seen == [str(check.check(text, trusted).verdict) for text in texts]
    assert seen[:4] == ["true_final", "true_provisional", "unknown", "unknown"]
    assert set(seen[4:]) == {"altered"}
