"""What a walked day leaves behind: pictures of every screen, every paper, and what became of each operation."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication

from kiosk import bangla
from kiosk.app import App
from kiosk.counter import issue, waiting
from kiosk.counter.context import Counter
from kiosk.screens.window import Window
from kiosk.store import engine
from printing import pdf, raster
from sync import outbox
from sync.operations import State

_ENDS = {State.ACCEPTED, State.CONFIRMED, State.REJECTED, State.CANCELLED}


class Evidence:
    """A folder that fills as the day goes on."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("screens", "papers"):
            shutil.rmtree(folder / name, ignore_errors=True)
            (folder / name).mkdir(parents=True)
        self._shots = 0

    def screen(self, window: Window, name: str) -> None:
        """A picture of the window as it is now."""
        QApplication.processEvents()
        self._shots += 1
        window.grab().save(str(self.folder / "screens" / f"{self._shots:02d}-{name}.png"))

    def papers(self, app: App, counter: Counter) -> None:
        """Every paper as it went to the printer, as a picture and as a PDF; issued documents as they came."""
        for found in app.store.rows("SELECT * FROM receipts ORDER BY number"):
            receipt = issue.receipt_of(found)
            target = self.folder / "papers" / f"{receipt.shown_number}-{receipt.kind}"
            for width in (384, 576):
                raster.render(receipt.document, width).save(f"{target}-{width}.png")
            Path(f"{target}.pdf").write_bytes(pdf.render(receipt.document))
        for job in sorted((app.folder / "paper").glob("*.escpos")):
            shutil.copy(job, self.folder / "papers")
        for paper in waiting.documents(counter):
            body = waiting.document_bytes(counter, paper.line_id)
            (self.folder / "papers" / f"document-{paper.file_name}").write_bytes(body)

    def table(self, app: App) -> str:
        """What became of every operation: a line each, with its attempts and its end."""
        rows = [["operation", "what", "attempts", "end", "portal's reference"]]
        connection = app.store.connection()
        for kept in outbox.every(connection):
            tried = ", ".join(f"{one.what}: {one.outcome}{f' ({one.reason})' if one.reason else ''}"
                              for one in outbox.attempts(connection, kept.operation.key))
            end = f"{kept.state}{f' ({kept.reason})' if kept.state is State.REJECTED else ''}"
            rows.append([kept.operation.kind, _about(kept.operation.payload), tried, end, kept.reference])
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
        text = "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])
        (self.folder / "operations.txt").write_text(f"{text}\n", encoding="utf-8")
        return text


def unfinished(connection: engine.Connection) -> list[str]:
    """Operations without a known end."""
    return [kept.operation.key for kept in outbox.every(connection) if kept.state not in _ENDS]


def _about(payload: Mapping[str, Any]) -> str:
    if "biller_id" in payload:
        return f"{payload['biller_id']} {next(iter(payload['inputs'].values()))} {_taka(payload)}"
    if "due_id" in payload:
        return f"{payload['due_id']} {_taka(payload)}"
    if "items" in payload:
        return ", ".join(f"{item['product_id']} x {item['quantity']}" for item in payload["items"])
    if "amount_poisha" in payload:
        return _taka(payload)
    return str(payload.get("service_id") or payload.get("document_url", ""))


def _taka(payload: Mapping[str, Any]) -> str:
    return bangla.taka(payload["amount_poisha"], lang="en").replace("\u00a0", " ")
