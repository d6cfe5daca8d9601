"""What the portals whose contract is ours have in common: one effect per key, asked about by key, refusals as 409."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sync.contract.batches import post_batch
from sync.http import Answer, Http
from sync.line import LineError
from sync.operations import Accepted, Confirmed, Later, NotKnownThere, Operation, Outcome, Rejected, Unknown

_NOT_TAKEN = {400, 413, 422}  # the portal cannot read it: nothing was done, and the same again would not help


def outcome_of_line(error: LineError) -> Outcome:
    """A failure that surely had no effect may be tried again; any other must be asked about."""
    return Unknown(error.reason) if error.sent else Later(error.reason, error.retry_after)


def post_once(http: Http, path: str, operation: Operation, body: Mapping[str, Any], *, done: bool) -> Outcome:
    """Send with the key; `done` says whether a good answer completes it (Confirmed) or begins it (Accepted)."""
    try:
        answer = http.post(path, {**body, "key": operation.key})
    except LineError as error:
        return outcome_of_line(error)
    return outcome(operation, answer, done)


def post_many(
    http: Http, several: Sequence[tuple[Operation, str]], *, done: bool
) -> dict[str, Outcome]:
    """Send operations, each to its path, in one request."""
    try:
        answers = post_batch(http, [(path, {**one.payload, "key": one.key}) for one, path in several])
    except LineError as error:
        return {one.key: outcome_of_line(error) for one, _path in several}
    return {
        one.key: outcome(one, answer, done)
        for (one, _path), answer in zip(several, answers, strict=True) if answer is not None
    }


def ask_by_key(http: Http, operation: Operation, *, done: bool) -> Outcome | NotKnownThere:
    """What became of the key."""
    try:
        answer = http.get(f"/operations/{operation.key}")
    except LineError as error:
        return Later(error.reason, error.retry_after)
    if answer.body.get("known") is False:
        return NotKnownThere()
    return outcome(operation, answer, done)


def outcome(operation: Operation, answer: Answer, done: bool) -> Outcome:
    """What an answer of our contract means."""
    body = dict(answer.body)
    if answer.status == 409 and isinstance(body.get("error"), str):
        reason = body.pop("error")
        return Later(reason) if reason == "float_low" else Rejected(reason, body)
    if answer.status in _NOT_TAKEN and isinstance(body.get("error"), str):
        return Rejected("bad_item", {"said": body["error"]})
    if answer.status != 200 or not isinstance(body.get("reference"), str):
        return Unknown("bad_answer")
    if body.pop("key", None) != operation.key:
        return Unknown("wrong_echo")
    reference = body.pop("reference")
    body.pop("known", None)
    return Confirmed(reference, body) if done else Accepted(reference, body)
