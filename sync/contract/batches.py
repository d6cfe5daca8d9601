"""Several requests in one (`POST /batch` of our contract): each item has the effect and answer of a POST of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sync.http import Answer, Http
from sync.line import LineError


def post_batch(http: Http, items: Sequence[tuple[str, Mapping[str, Any]]]) -> list[Answer | None]:
    """The answers to (path, body), in order; None where the portal's answer is none.

    Raises:
        LineError: no usable answer came; `no_batch` when the portal takes none.
    """
    try:
        told = http.post("/batch", {"items": [{"path": path, "body": body} for path, body in items]})
    except LineError as error:
        raise LineError("no_batch", sent=False) if error.reason == "no_such_path" else error from error
    answers = told.body.get("items")
    if told.status != 200 or not isinstance(answers, list) or len(answers) != len(items):
        raise LineError("bad_answer", sent=True)
    return [_answer(item) for item in answers]


def _answer(item: Any) -> Answer | None:
    if isinstance(item, dict) and isinstance(item.get("status"), int) and isinstance(item.get("body"), dict):
        return Answer(item["status"], item["body"], b"")
    return None
