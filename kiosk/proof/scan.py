"""The receipt's code in a picture: a photograph, a scan, a receipt as it was printed."""

from __future__ import annotations

from pathlib import Path

from kiosk.proof.statement import MARK


def codes(file: Path) -> list[str]:
    """The texts of the QR codes in a picture, receipts' first; none when it is no picture.

    A photograph is looked at in several sizes: a reader does worse where a module covers many noisy dots.
    """
    import zxingcpp  # noqa: PLC0415 only pictures need it
    from PIL import Image  # noqa: PLC0415

    try:
        with Image.open(file) as opened:
            picture = opened.convert("L")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return []
    qr = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
    found: dict[str, None] = {}
    for shrink in (1, 2, 3, 4):
        seen = picture.reduce(shrink) if shrink > 1 else picture
        found |= {code.text: None for code in zxingcpp.read_barcodes(seen, formats=qr)}
        if any(text.startswith(MARK) for text in found):
            break
    return sorted(found, key=lambda text: not text.startswith(MARK))
