"""A request that is not of the contract is told so, in JSON and with the reason, and leaves nothing behind."""

from __future__ import annotations

import gzip
import json
import socket
from typing import Any

import pytest
import requests

from sync.sandbox import Sandbox

_APPLICATION: dict[str, Any] = {"key": "a", "service_id": "nationality", "applicant": {"name": "নমুনা নাগরিক"}}
_PAYMENT: dict[str, Any] = {
    "trx": {"refno_ack": "x"}, "bllr_inf": {"bllr_id": "breb"},
    "pyd_inf": {"pyd_trxn_refid": "a", "pyd_amnt": "650.00"},
}


def _refused(sandbox: Sandbox, answer: requests.Response) -> bool:
    told = answer.json()
    assert (answer.status_code, told["error"], bool(told["why"])) == (400, "bad_request", True)
    return sandbox.books.effects() == []


@pytest.mark.parametrize("wrong", [
    {"applicant": "নমুনা নাগরিক"}, {"applicant": {}}, {"key": ["a"]}, {"key": 7}, {"key": ""}, {"service_id": None},
    {"applicant": {"name": "নমুনা\0নাগরিক"}}, {"applicant": {"name": "\ud800"}}, {"key": "a" * 65},
])
def test_an_application_with_a_field_of_another_type(sandbox: Sandbox, wrong: dict[str, Any]) -> None:
    said = json.dumps(_APPLICATION | wrong).encode()
    answer = requests.post(f"{sandbox.portals()['eksheba']}/applications", said, timeout=10,
                           headers={"Content-Type": "application/json"})
    assert _refused(sandbox, answer)


@pytest.mark.parametrize("wrong", [
    {"trx": "x"}, {"trx": None}, {"pyd_inf": {"pyd_trxn_refid": "a", "pyd_amnt": "abc"}}, {"bllr_inf": []},
    {"pyd_inf": {"pyd_trxn_refid": "a", "pyd_amnt": 650}}, {"pyd_inf": {"pyd_trxn_refid": "a", "pyd_amnt": "1e9"}},
])
def test_a_payment_with_a_field_of_another_type(sandbox: Sandbox, wrong: dict[str, Any]) -> None:
    base = sandbox.portals()["ekpay"]
    who = {"user_id": "sample", "pass_key": "sample"}
    token = requests.post(f"{base}/get-token", json=who, timeout=10).json()["security_token"]
    answer = requests.post(f"{base}/update-billPayment", json=_PAYMENT | wrong, timeout=10,
                           headers={"Authorization": f"Bearer {token}"})
    assert _refused(sandbox, answer)


@pytest.mark.parametrize("asked", [
    "cursor=" + "9" * 40, "cursor=-1", "cursor=words", "limit=-1", "limit=many", "limit=99999999",
])
def test_a_page_that_cannot_be(sandbox: Sandbox, asked: str) -> None:
    assert _refused(sandbox, requests.get(f"{sandbox.portals()['eksheba']}/statuses?{asked}", timeout=10))


@pytest.mark.parametrize("body", [
    b"{", b"\xff\xfe", b"[" * 50_000, b'{"key": NaN}', b"", b'"words"', gzip.compress(b"{}", mtime=0)[:-9],
])
@pytest.mark.parametrize("coding", ["", "gzip", "br"])
def test_a_body_that_is_not_what_it_says(sandbox: Sandbox, body: bytes, coding: str) -> None:
    headers = {"Content-Type": "application/json"} | ({"Content-Encoding": coding} if coding else {})
    address = f"{sandbox.portals()['eksheba']}/applications"
    assert _refused(sandbox, requests.post(address, body, headers=headers, timeout=10))


@pytest.mark.parametrize(("head", "status"), [
    ("Content-Length: -5", 400), ("Content-Length: many", 400), ("Content-Length: 99999999999999999999", 400),
    ("Content-Length: 999999999", 413), ("Content-Length: 50", 400), ("Transfer-Encoding: chunked", 400),
])
def test_a_body_of_another_length_than_is_said_ends_the_connection(sandbox: Sandbox, head: str, status: int) -> None:
    with socket.create_connection(("127.0.0.1", int(sandbox.address.rpartition(":")[2])), timeout=10) as line:
        line.sendall(f"POST /eksheba/applications HTTP/1.1\r\nHost: here\r\n{head}\r\n\r\n{{}}".encode())
        line.shutdown(socket.SHUT_WR)
        told = b"".join(iter(lambda: line.recv(4096), b"")).decode()
    assert told.startswith(f"HTTP/1.1 {status} ")
    assert json.loads(told.partition("\r\n\r\n")[2])["error"] in ("bad_request", "too_large")


def test_what_is_nowhere_is_said_in_json_too(sandbox: Sandbox) -> None:
    base = sandbox.portals()["eksheba"]
    nowhere, no_way = requests.get(f"{base}/nowhere", timeout=10), requests.delete(f"{base}/applications", timeout=10)
    assert (nowhere.status_code, nowhere.json()) == (404, {"error": "no_such_path"})
    assert (no_way.status_code, no_way.json(), "POST" in no_way.headers["Allow"]) == (
        405, {"error": "no_such_method"}, True)


def test_a_key_belongs_to_one_thing_that_was_done(sandbox: Sandbox) -> None:
    eksheba, nagorik = sandbox.portals()["eksheba"], sandbox.portals()["nagorik"]
    done = requests.post(f"{eksheba}/applications", json=_APPLICATION, timeout=10)
    again = requests.post(f"{eksheba}/applications", json=_APPLICATION, timeout=10)
    assert (done.status_code, again.json()) == (200, done.json())
    fee = requests.post(f"{eksheba}/applications/a/fee", json={"key": "a", "amount_poisha": 100}, timeout=10)
    elsewhere = requests.post(f"{nagorik}/applications", json=_APPLICATION, timeout=10)
    assert [(one.status_code, one.json()["error"]) for one in (fee, elsewhere)] == [(409, "key_used")] * 2
    assert requests.get(f"{nagorik}/operations/a", timeout=10).json() == {"known": False}
    assert len(sandbox.books.effects()) == 1
