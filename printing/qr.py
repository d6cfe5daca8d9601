"""QR codes. zxing-cpp makes one in a millisecond: a receipt is to be on paper at once."""

from __future__ import annotations

import zxingcpp


def code(payload: str) -> tuple[int, bytes]:
    """How many modules the code of `payload` is wide (level M, no quiet zone), and a byte for each: 0 is dark.

    What is empty or fits no code has none: 0 and nothing.
    """
    try:
        made = zxingcpp.create_barcode(payload, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
        image = memoryview(zxingcpp.write_barcode_to_image(made, scale=1, add_quiet_zones=False))  # type: ignore[arg-type]
    except (ValueError, RuntimeError):
        return 0, b""
    return image.shape[0] if image.shape else 0, image.tobytes()
