"""What the portals whose contract is ours have in common: one effect per key, asked about by key, refusals as 409."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sync.http import Answer, Http, LineError
from sync.operations import Accepted, Confirmed, Later, NotKnownThere, Operation, Outcome, Rejected, Unknown


def outcome_of_line(error: LineError) -> Outcome:
    """A failure that surely had no effect may be tried again; any other must be asked about."""
    return Unknown(error.reason) if error.sent else Later(error.reason, error.retry_after)


def post_once(http: Http, path: str, operation: Operation, body: Mapping[str, Any], *, done: bool) -> Outcome:
    """Send with the key; `done` says whether a good answer completes it (Confirmed) or begins it (Accepted)."""
    try:
        answer = http.post(path, {**body, "key": operation.key})
    except LineError as error:
        return outcome_of_line(error)
    return _outcome(operation, answer, done)


def ask_by_key(http: Http, operation: Operation, *, done: bool) -> Outcome | NotKnownThere:
    """What became of the key."""
    try:
        answer = http.get(f"/operations/{operation.key}")
    except LineError as error:
        return Later(error.reason, error.retry_after)
    if answer.body.get("known") is False:
        return NotKnownThere()
    return _outcome(operation, answer, done)


def _outcome(operation: Operation, answer: Answer, done: bool) -> Outcome:
    body = dict(answer.body)
    if answer.status == 409 and isinstance(body.get("error"), str):
        reason = body.pop("error")
        return Later(reason) if reason == "float_low" else Rejected(reason, body)
    if answer.status != 200 or not isinstance(body.get("reference"), str):
        return Unknown("bad_answer")
    if body.pop("key", None) != operation.key:
        return Unknown("wrong_echo")
    reference = body.pop("reference")
    body.pop("known", None)
    return Confirmed(reference, body) if done else Accepted(reference, body)
