"""ekPay's agent API (domain.md 2.4): fetch the bill, compare, pay with the fetch's acknowledgement."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from sync.contract.answers import outcome_of_line
from sync.contract.batches import post_batch
from sync.http import Http
from sync.line import LineError
from sync.operations import Confirmed, Later, NotKnownThere, Operation, Outcome, Rejected, Unknown
from sync.portals import Capabilities

_OK, _PAID, _CHANGED, _FLOAT_LOW, _NOT_KNOWN = "0000", "1001", "1002", "1003", "1005"
_WIRE_NAMES = {
    "bill_no": "bll_no", "account_no": "bllr_accno", "bill_period": "bll_period", "mobile": "bill_mobno",
    "meter_no": "meter_no",
}
_Found = TypeVar("_Found")
_DHAKA = timezone(timedelta(hours=6))


class EkPay:
    """Only the payment itself has an effect; a fetch whose answer was lost may simply be tried again."""

    capabilities = Capabilities(batch={"bill.pay": 50}, compression=True)

    def attempt(self, operation: Operation, http: Http) -> Outcome:
        try:
            fetched = self._call(http, "/fetch-bill", _fetch_body(operation))
        except LineError as error:
            return Later(error.reason, error.retry_after)
        refused = _refusal(operation, fetched)
        if refused is not None:
            return self._unless_ours(operation, refused, http)
        try:
            return _outcome(operation, self._call(http, "/update-billPayment", _pay_body(operation, fetched)))
        except LineError as error:
            return outcome_of_line(error)

    def attempt_many(self, operations: Sequence[Operation], http: Http) -> Mapping[str, Outcome]:
        """All bills are fetched in one request; those that may be paid are paid in a second one. A bill that is there
        twice is paid once first: only then does its fetch say the truth to the other."""
        once = {_bill(one): one for one in reversed(operations)}.values()
        told: dict[str, Outcome] = {one.key: Later("same_bill", 0.0) for one in operations}
        try:
            fetched = self._batch(http, [("/fetch-bill", _fetch_body(one)) for one in once])
        except LineError as error:
            return {one.key: Later(error.reason, error.retry_after) for one in operations}
        to_pay = []
        for one, bill in zip(once, fetched, strict=True):
            refused = _refusal(one, bill) if bill is not None else Later("bad_answer")
            if refused is not None:
                told[one.key] = self._unless_ours(one, refused, http)
            elif bill is not None:
                del told[one.key]
                to_pay.append((one, bill))
        return told | self._pay_many(to_pay, http)

    def _unless_ours(self, operation: Operation, refused: Outcome, http: Http) -> Outcome:
        """A bill that is paid already may have been paid by this very operation, on another road to the portal."""
        if not (isinstance(refused, Rejected) and refused.reason == "already_paid"):
            return refused
        told = self.ask(operation, http)
        return refused if isinstance(told, NotKnownThere) else told

    def _pay_many(self, bills: Sequence[tuple[Operation, Mapping[str, Any]]], http: Http) -> dict[str, Outcome]:
        if not bills:
            return {}
        try:
            paid = self._batch(http, [("/update-billPayment", _pay_body(one, bill)) for one, bill in bills])
        except LineError as error:
            return {one.key: outcome_of_line(error) for one, _bill in bills}
        return {
            one.key: _outcome(one, body)
            for (one, _bill), body in zip(bills, paid, strict=True) if body is not None
        }

    def ask(self, operation: Operation, http: Http) -> Outcome | NotKnownThere:
        try:
            body = self._call(http, "/payment-status", {"pyd_trxn_refid": operation.key})
        except LineError as error:
            return Later(error.reason, error.retry_after)
        return NotKnownThere() if _code(body) == _NOT_KNOWN else _outcome(operation, body)

    def floats(self, http: Http) -> dict[str, int]:
        """What the prefunded buckets hold, in poisha, by the floats' names.

        Raises:
            LineError: no usable answer came.
        """
        found = self._call(http, "/check-bbalance", {"hdrs": _headers("CHCK_BKT_BLNC_REQ", "")})
        try:
            held = found["bckt_blnc_inf"]
            return {"ekpay": _poisha(held["bckt_blnc"]), "ekpay:prepaid": _poisha(held["prepaid_blnc"])}
        except (KeyError, TypeError, InvalidOperation) as error:
            raise LineError("bad_answer", sent=True) from error

    def billers(self, http: Http) -> frozenset[str]:
        """Whose bills it takes today.

        Raises:
            LineError: no usable answer came; a list of nobody is none.
        """
        found = self._call(http, "/fetch-MDMbillers", {"hdrs": _headers("FETCH_MDM_DATA_REQ", "")})
        try:
            told = frozenset(biller["bllr_id"] for biller in found["mdm_data"])
        except (KeyError, TypeError) as error:
            raise LineError("bad_answer", sent=True) from error
        if not told or not all(isinstance(biller, str) for biller in told):
            raise LineError("bad_answer", sent=True)
        return told

    def _call(self, http: Http, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        return self._with_token(http, lambda: http.post(path, body).body)

    def _batch(self, http: Http, items: Sequence[tuple[str, Mapping[str, Any]]]) -> list[Mapping[str, Any] | None]:
        answers = self._with_token(http, lambda: post_batch(http, items))
        return [answer.body if answer is not None and answer.status == 200 else None for answer in answers]

    def _with_token(self, http: Http, ask: Callable[[], _Found]) -> _Found:
        """Ask with a token, fetching a new one when the portal no longer takes it (which means: nothing was done)."""
        if "Authorization" in http.headers:
            try:
                return ask()
            except LineError as error:
                if error.reason != "credentials":
                    raise
        http.headers.pop("Authorization", None)
        http.headers["Authorization"] = f"Bearer {self._token(http)}"
        return ask()

    def _token(self, http: Http) -> str:
        try:
            user_id, pass_key = http.credentials()
            answer = http.post("/get-token", {"user_id": user_id, "pass_key": pass_key}).body
        except LineError as error:
            raise LineError(error.reason, sent=False, retry_after=error.retry_after) from error
        token = answer.get("security_token")
        if not isinstance(token, str) or not token:
            raise LineError("credentials", sent=False)
        return token


PORTAL = EkPay


def _bill(operation: Operation) -> str:
    """What makes a bill this bill."""
    return json.dumps([operation.payload["biller_id"], operation.payload["inputs"]], sort_keys=True)


def _fetch_body(operation: Operation) -> dict[str, Any]:
    payload = operation.payload
    bill = {_WIRE_NAMES.get(name, name): value for name, value in payload["inputs"].items()}
    return {
        "hdrs": _headers("FETCH_BLL_REQ", operation.key),
        "trx": {"trx_id": operation.key, "trx_tms": _now()},
        "bll_inf": {"bllr_id": payload["biller_id"], "bll_typ": "NM", "mode": "SAPI",
                    "amount": _wire(payload["amount_poisha"]), **bill},
        "usr_inf": {"syndct_id": "udc-kiosk"},
    }


def _pay_body(operation: Operation, fetched: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "hdrs": _headers("UPDT_BLL_PYMNT_REQ", operation.key),
        "trx": {"trx_id": operation.key, "trx_tms": _now(), "refno_ack": fetched["resp_status"].get("refno_ack", "")},
        "bllr_inf": fetched["bllr_inf"],
        "pyd_inf": {"pyd_trxn_refid": operation.key, "pyd_tms": _now(),
                    "pyd_amnt": _wire(operation.payload["amount_poisha"])},
    }


def _headers(name: str, key: str) -> dict[str, str]:
    return {"nm": name, "ver": "v1.3.0", "tms": _now(), "ref_id": key.replace("-", ""), "nd_id": "udc-kiosk"}


def _refusal(operation: Operation, fetched: Mapping[str, Any]) -> Outcome | None:
    """What the fetched bill says against paying it; None when it may be paid."""
    if _code(fetched) != _OK:
        return _not_done(operation, fetched)
    try:
        bill = fetched["bllr_inf"]
        amount = _poisha(bill["bll_amnt_ttl"])
        if not _is_same(bill, _fetch_body(operation)["bll_inf"]):
            return Later("wrong_echo")
    except (AttributeError, KeyError, TypeError, InvalidOperation):
        return Later("bad_answer")
    if bill.get("is_bll_pd") == "Y":
        return Rejected("already_paid")
    return None if amount == operation.payload["amount_poisha"] else _changed(operation, amount)


def _is_same(found: Mapping[str, Any], asked: Mapping[str, Any]) -> bool:
    """Whether the bill that was found is the one that was asked for, as far as the answer names it; portals may write
    a number with other zeros and dashes."""
    names = ("bllr_id", "bll_no", "bllr_accno", "meter_no")
    return all(_bare(found[name]) == _bare(asked[name]) for name in names if found.get(name) and name in asked)


def _bare(number: Any) -> str:
    return "".join(letter for letter in str(number) if letter.isalnum()).lstrip("0").lower()


def _outcome(operation: Operation, body: Mapping[str, Any]) -> Outcome:
    if _code(body) != _OK:
        return _not_done(operation, body)
    try:
        if body["pyd_inf"]["pyd_trxn_refid"] != operation.key:
            return Unknown("wrong_echo")
        return Confirmed(str(body["trx"]["trx_id"]), {"amount_poisha": _poisha(body["pyd_inf"]["pyd_amnt"])})
    except (KeyError, TypeError, InvalidOperation):
        return Unknown("bad_answer")


def _not_done(operation: Operation, body: Mapping[str, Any]) -> Outcome:
    code = _code(body)
    if code == _FLOAT_LOW:
        return Later("float_low")
    if code == _PAID:
        return Rejected("already_paid")
    try:
        if code == _CHANGED:
            return _changed(operation, _poisha(body["bllr_inf"]["bll_amnt_ttl"]))
        return Rejected("refused", {"code": code}) if code else Unknown("bad_answer")
    except (KeyError, TypeError, InvalidOperation):
        return Unknown("bad_answer")


def _changed(operation: Operation, amount_poisha: int) -> Rejected:
    return Rejected("amount_changed", {"old_poisha": operation.payload["amount_poisha"], "new_poisha": amount_poisha})


def _code(body: Mapping[str, Any]) -> str:
    """The portal's word in its four digits; "" when it said nothing of the kind."""
    status = body.get("resp_status")
    code = status.get("rsp_cd") if isinstance(status, dict) else None
    return code if isinstance(code, str) and len(code) == 4 and code.isdigit() else ""


def _poisha(wire: Any) -> int:
    """Exact poisha of an amount on the wire; a fraction of a poisha is no amount."""
    poisha = Decimal(str(wire)) * 100
    if poisha != poisha.to_integral_value():
        raise InvalidOperation(f"not whole poisha: {wire}")
    return int(poisha)


def _wire(poisha: int) -> str:
    return f"{poisha // 100}.{poisha % 100:02d}"


def _now() -> str:
    return datetime.now(UTC).astimezone(_DHAKA).isoformat(timespec="seconds")
