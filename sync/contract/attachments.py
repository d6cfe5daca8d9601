"""Files that go with an application, a piece at a time: what a broken line brought over need not go again."""

from __future__ import annotations

import hashlib

from sync.contract.answers import post_once
from sync.http import Http
from sync.line import LineError
from sync.operations import Later, Operation, Outcome, Rejected, Unknown

_PIECE_SECONDS = 2.0  # of the line: then a payment may have its turn


def put(operation: Operation, http: Http, *, resumable: bool) -> Outcome:
    """Send the next piece of the operation's body; `Later("in_part")` while there is more. A portal that can't go on
    where the line broke gets the whole at once.

    Nothing counts at the portal before `done` names the whole file's hash, so every failure before it had no effect;
    `done` itself is once for each key and may be said again.
    """
    size = len(operation.body)
    try:
        offset = _received(operation, http) if resumable else 0
        if offset < size:
            end = min(size, offset + http.piece(_PIECE_SECONDS)) if resumable else size
            refused = _send_piece(operation, http, offset, end)
            if resumable or refused is not None:
                return refused or Later("in_part", 0.0, (end, size))
    except LineError as error:
        return Later(error.reason, error.retry_after)
    return _done(operation, http)


def _done(operation: Operation, http: Http) -> Outcome:
    payload = {
        **operation.payload, "size": len(operation.body), "sha256": hashlib.sha256(operation.body).hexdigest(),
    }
    ended = post_once(http, f"/attachments/{operation.key}/done", operation, payload, done=True)
    if isinstance(ended, Unknown):
        return Later(ended.reason)
    if isinstance(ended, Rejected) and ended.reason == "hash_differs":
        return Later("hash_differs")  # the portal dropped what it had; it begins anew
    return ended


def _received(operation: Operation, http: Http) -> int:
    told = http.get(f"/attachments/{operation.key}").body.get("received", 0)
    return told if isinstance(told, int) and 0 <= told <= len(operation.body) else 0


def _send_piece(operation: Operation, http: Http, offset: int, end: int) -> Outcome | None:
    """None when it was taken, or the portal has another length by now: it will be asked for that."""
    answer = http.patch_bytes(f"/attachments/{operation.key}?offset={offset}", operation.body[offset:end])
    if answer.status == 409 and answer.body.get("error") == "refused":
        return Rejected("refused")
    if answer.status not in (200, 409):
        return Later("bad_answer")
    return None
