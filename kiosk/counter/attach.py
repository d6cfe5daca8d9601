"""Files that go with an application: made small enough for a slow line, kept with the visit until it is sent."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Mapping
from itertools import islice
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

from kiosk.counter import lines
from kiosk.counter.context import Counter
from kiosk.counter.inside import recording
from kiosk.counter.records import CounterError
from kiosk.store.engine import Connection, rows

BUDGET = 60_000  # bytes of one file: eight seconds on a line of 64 kbit/s
RECORDING = 1_000_000  # bytes of sound or film, which are not made smaller here: two minutes on such a line
LARGEST = 40_000_000  # bytes that are read at all
_SIDES = (1600, 1200, 900, 700, 500, 300)
_QUALITIES = (80, 65, 50, 38)
_FACE = 0.35  # a face is rather above the middle of a portrait
_MOST_PAGES = 12
_JPEG_IN_PDF = re.compile(rb"/DCTDecode.{0,2000}?stream\r?\n(.*?)\s*endstream", re.DOTALL)


def fitted(body: bytes, media: str = "", *, square: int = 0, longest: int = 0) -> tuple[bytes, str]:
    """A file as a question of the type `media` (image/*, audio/*, video/*, application/*) takes it; its ending.

    Raises:
        CounterError: `not_audio`, `not_video`, `recording_too_large`, or as `shrink`.
    """
    wanted, found = media.partition("/")[0], recording(body)
    if wanted in ("audio", "video") and (found is None or found[0] != wanted):
        raise CounterError(f"not_{wanted}")
    if found is None or wanted in ("", "image"):
        return shrink(body, square=square, longest=longest)
    if len(body) > RECORDING:
        raise CounterError("recording_too_large", most=RECORDING // 1000)
    return body, found[1]


def shrink(body: bytes, *, square: int = 0, longest: int = 0) -> tuple[bytes, str]:
    """A picture as a JPEG within the budget (`square` crops and scales it to that side, `longest` bounds its longer
    edge), a PDF as it is; its ending.

    Raises:
        CounterError: `attachment_too_large`, `attachment_unreadable`.
    """
    if len(body) > LARGEST:
        raise CounterError("attachment_too_large", most=BUDGET // 1000)
    if body.startswith(b"%PDF"):
        return (body if len(body) <= BUDGET else _smaller_pdf(body)), "pdf"
    picture = _opened(body)
    if longest and max(picture.size) > longest:
        picture = ImageOps.contain(picture, (longest, longest))
    if square:
        side = min(square, longest or square)
        return _jpeg(ImageOps.fit(picture, (side, side), centering=(0.5, _FACE)), 85), "jpg"
    return _small(picture), "jpg"


def _small(picture: Image.Image) -> bytes:
    for side in _SIDES:
        scaled = ImageOps.contain(picture, (side, side)) if max(picture.size) > side else picture
        for quality in _QUALITIES:
            body = _jpeg(scaled, quality)
            if len(body) <= BUDGET:
                return body
    raise CounterError("attachment_too_large", most=BUDGET // 1000)


def _smaller_pdf(body: bytes) -> bytes:
    """A scan as a PDF within the budget: a scanner's PDF is one JPEG for each page, which is made small.

    Raises:
        CounterError: `attachment_too_large`: it is no scan, or has too many pages.
    """
    scanned = [found[1] for found in islice(_JPEG_IN_PDF.finditer(body), _MOST_PAGES + 1)]
    if 0 < len(scanned) <= _MOST_PAGES:
        pages = [_opened(page) for page in scanned]
        for side in _SIDES[1:]:
            fitted = [ImageOps.contain(page, (side, side)) if max(page.size) > side else page for page in pages]
            for quality in _QUALITIES:
                target = io.BytesIO()
                fitted[0].save(target, "PDF", save_all=True, append_images=fitted[1:], quality=quality)
                if target.tell() <= BUDGET:
                    return target.getvalue()
    raise CounterError("attachment_too_large", most=BUDGET // 1000)


def _opened(body: bytes) -> Image.Image:
    """Raises: CounterError: `attachment_unreadable`."""
    try:
        with Image.open(io.BytesIO(body)) as opened:
            return ImageOps.exif_transpose(opened).convert("RGB")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError, ValueError) as error:
        raise CounterError("attachment_unreadable") from error


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=quality, optimize=True)
    return target.getvalue()


def keep(counter: Counter, visit_id: str, service_id: str, ref: str, name: str, body: bytes, media: str = "", *,
         square: int = 0, longest: int = 0) -> str:
    """Keep a file for the question at `ref`; the name that is answered and sent.

    Raises:
        CounterError: as `fitted`; `visit_not_open`.
    """
    small, ending = fitted(body, media, square=square, longest=longest)
    stem = "".join(letter for letter in name.rpartition(".")[0] if letter.isalnum() or letter in "-_")[:40] or "file"
    kept = f"{stem}.{ending}"
    with counter.store.transaction() as connection:
        lines.open_visit_or_refuse(connection, visit_id)
        connection.execute(
            "INSERT OR REPLACE INTO attachments (visit_id, service_id, ref, name, body) VALUES (?, ?, ?, ?, ?)",
            (visit_id, service_id, ref, kept, small),
        )
    return kept


def kept(counter: Counter, visit_id: str, service_id: str, ref: str) -> bytes:
    """What is kept for the question at `ref`; empty when there is nothing."""
    sql = "SELECT body FROM attachments WHERE visit_id = ? AND service_id = ? AND ref = ?"
    found = counter.store.row(sql, visit_id, service_id, ref)
    return bytes(found["body"]) if found else b""


def all_kept(counter: Counter, visit_id: str, service_id: str) -> dict[str, bytes]:
    """Everything that is kept for an application, by the questions' refs."""
    sql = "SELECT ref, body FROM attachments WHERE visit_id = ? AND service_id = ?"
    found = rows(counter.store.connection(), sql, (visit_id, service_id))
    return {item["ref"]: bytes(item["body"]) for item in found}


def take(connection: Connection, visit_id: str, service_id: str, answers: Mapping[str, str]) -> list[dict[str, Any]]:
    """The files that the answers name, for the application that is sent; what is not named any more is dropped."""
    sql = "SELECT ref, name, body FROM attachments WHERE visit_id = ? AND service_id = ? ORDER BY ref"
    found = [
        {"name": item["name"], "body": base64.b64encode(item["body"]).decode()}
        for item in rows(connection, sql, (visit_id, service_id)) if answers.get(item["ref"]) == item["name"]
    ]
    connection.execute("DELETE FROM attachments WHERE visit_id = ? AND service_id = ?", (visit_id, service_id))
    return found
