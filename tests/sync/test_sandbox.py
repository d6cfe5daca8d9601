"""The sandbox portals keep their own promises: once for each key, also when many ask at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from sync.sandbox import Sandbox

APPLICANT = {"applicant": {"name": "নমুনা নাগরিক"}, "service_id": "nationality"}


def test_many_at_once_lose_nothing_and_double_nothing(sandbox: Sandbox) -> None:
    base = sandbox.portals()["eksheba"]

    def submit(place: int) -> None:
        body = {**APPLICANT, "key": f"k{place % 20}"}
        assert requests.post(f"{base}/applications", json=body, timeout=10).status_code == 200
        assert requests.get(f"{base}/operations/k{place % 20}", timeout=10).json()["known"] is True
        sandbox.advance_application(f"k{place % 20}", "secretary")
        requests.get(f"{base}/statuses", timeout=10)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(submit, range(80)))
    assert sorted(effect["key"] for effect in sandbox.books.effects()) == sorted(f"k{place}" for place in range(20))
    assert len(requests.get(f"{base}/statuses?limit=500", timeout=10).json()["items"]) == 80


def test_a_fee_that_comes_late_takes_nothing_back_that_the_office_has_done(sandbox: Sandbox) -> None:
    base, other = sandbox.portals()["eksheba"], sandbox.portals()["nagorik"]
    reference = requests.post(f"{base}/applications", json={**APPLICANT, "key": "a"}, timeout=10).json()["reference"]
    sandbox.advance_application("a", "approved")
    for place, key in ((base, "f"), (other, "g")):
        paid = {"key": key, "amount_poisha": 100, "service_id": "nationality"}
        assert requests.post(f"{place}/applications/a/fee", json=paid, timeout=10).status_code == 200
    assert requests.get(f"{base}/documents/{reference}.pdf", timeout=10).content.startswith(b"%PDF")


def test_it_comes_back_on_the_same_address_with_its_books(sandbox: Sandbox) -> None:
    base = sandbox.portals()["eksheba"]
    requests.post(f"{base}/applications", json={**APPLICANT, "key": "a"}, timeout=10)
    sandbox.go_away()
    sandbox.come_back()
    assert requests.get(f"{base}/operations/a", timeout=10).json()["known"] is True


def test_it_can_be_told_to_misbehave_over_http(sandbox: Sandbox) -> None:
    told = requests.post(
        f"{sandbox.address}/_sandbox/fail_next", json={"kind": "eksheba.submit", "how": "busy"}, timeout=10
    )
    assert told.status_code == 200
    base = sandbox.portals()["eksheba"]
    answer = requests.post(f"{base}/applications", json={**APPLICANT, "key": "a"}, timeout=10)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert requests.post(f"{sandbox.address}/_sandbox/explode", json={}, timeout=10).status_code == 404


@pytest.mark.parametrize(("portal", "path"), [
    ("eksheba", "/applications"), ("eksheba", "/applications/a/fee"), ("eksheba", "/attachments/a/done"),
    ("eksheba", "/batch"), ("nagorik", "/applications"), ("nagorik", "/batch"), ("ekshop", "/orders"),
    ("municipality", "/dues/T-001-2025-2026/payments"),
])
@pytest.mark.parametrize("body", [{}, [], "words", None])
def test_a_body_that_lacks_what_is_asked_is_the_askers_fault(
    sandbox: Sandbox, portal: str, path: str, body: object
) -> None:
    answer = requests.post(sandbox.portals()[portal] + path, json=body, timeout=10)
    assert (answer.status_code // 100, sandbox.books.effects()) == (4, [])


def test_so_is_a_field_that_lacks_deep_in_the_body(sandbox: Sandbox) -> None:
    base = sandbox.portals()["eksheba"]
    answer = requests.post(f"{base}/applications", json={"key": "a", "service_id": "x", "applicant": {}}, timeout=10)
    assert (answer.status_code, answer.json()["error"]) == (400, "bad_request")
    assert requests.get(f"{base}/statuses?limit=many", timeout=10).status_code == 400  # the contract's bound holds


@pytest.mark.parametrize("items", [5, None, ["a"], [{"path": 1, "body": {}}], [{"body": {}}]])
def test_so_is_a_batch_whose_items_are_no_requests(sandbox: Sandbox, items: object) -> None:
    answer = requests.post(f"{sandbox.portals()['eksheba']}/batch", json={"items": items}, timeout=10)
    assert (answer.status_code, answer.json()["error"]) == (400, "bad_request")
