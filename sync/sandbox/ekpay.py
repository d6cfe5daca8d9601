"""ekPay's agent bill API in the shape of domain.md 2.4: fetch a bill, pay it with the fetch's acknowledgement.

Response codes beyond "0000" are not public; these are ours: 1001 already paid, 1002 amount differs, 1003 float low,
1004 refused, 1005 reference not known. `payment-status` is ours too.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, jsonify, request
from sqlalchemy import Connection, bindparam, insert, select, update

from sync.sandbox import schema
from sync.sandbox.books import Books, Refused, spend
from sync.sandbox.faults import Faults

CODES = {"already_paid": "1001", "amount_changed": "1002", "float_low": "1003", "refused": "1004", "not_known": "1005"}
BASE = "/ekpay/syndicate/api"
PREPAID = frozenset({"b450"})
_FOR_ALL = ("/get-token", "/journal", "/journal/operations")
_bills = schema.bills
_BILL = select(_bills.c.amount_poisha, _bills.c.paid).where(_bills.c.bill == bindparam("its_name"))
_NEW_BILL = insert(_bills)
_PAY = update(_bills).where(
    _bills.c.bill == bindparam("its_name"), _bills.c.paid.is_(False), _bills.c.amount_poisha == bindparam("amount")
).values(paid=bindparam("is_paid"))
_INPUTS = ("bll_no", "bllr_accno", "bll_period", "bill_mobno", "meter_no")


def bill_name(biller_id: str, inputs: Mapping[str, Any]) -> str:
    """What makes a bill this bill: the biller and what was asked for it."""
    kept = {name: str(inputs[name]) for name in _INPUTS if inputs.get(name)}
    return f"{biller_id} {json.dumps(kept, sort_keys=True)}"


def wire(poisha: int) -> str:
    """An amount as the portals write it: "650.00"."""
    return f"{poisha // 100}.{poisha % 100:02d}"


def blueprint(books: Books, faults: Faults) -> Blueprint:
    """The portal's routes."""
    portal = Blueprint("ekpay", __name__)
    tokens: dict[str, float] = {}  # until when each holds
    acknowledged: dict[str, str] = {}

    @portal.before_app_request  # a batch is no route of this file
    def _check_token() -> Response | None:
        path = request.path.removeprefix(BASE)
        bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if path == request.path or path in _FOR_ALL or time.monotonic() < tokens.get(bearer, 0.0):
            return None
        return Response('{"resp_status":{"rsp_cd":"1401","rsp_msg":"token"}}', 401, mimetype="application/json")

    @portal.post("/get-token")
    def _token() -> Response:
        wanted, body = faults.known.get("ekpay"), request.get_json()
        if wanted is not None and (body.get("user_id"), body.get("pass_key")) != wanted:
            return Response('{"resp_status":{"rsp_cd":"1401","rsp_msg":"user"}}', 401, mimetype="application/json")
        token = secrets.token_hex(16)
        tokens[token] = time.monotonic() + faults.token_seconds
        return jsonify(security_token=token, token_exp_time=faults.token_seconds)

    @portal.post("/fetch-bill")
    def _fetch() -> Response:
        asked = request.get_json()["bll_inf"]
        name = bill_name(asked["bllr_id"], asked)
        amount, paid = books.write(lambda connection: _bill(connection, name, asked))
        fault = faults.take("ekpay.fetch", "refuse")
        if fault:
            return _refusal(Refused(fault.reason or "refused"))
        acknowledgement = secrets.token_hex(8)
        acknowledged[acknowledgement] = name
        return jsonify(
            resp_status={"rsp_cd": "0000", "rsp_msg": "ok", "refno_ack": acknowledgement},
            bllr_inf={**asked, "bll_amnt": wire(amount), "bll_vat": "0.00", "bll_late_fee": "0.00", "ekpay_fee": "0.00",
                      "bll_amnt_ttl": wire(amount), "is_bll_pd": "Y" if paid else "N"},
        )

    @portal.post("/update-billPayment")
    def _pay() -> Response:
        body = request.get_json()
        name = acknowledged.get(body["trx"].get("refno_ack", ""), "")
        paying = body["pyd_inf"]
        key = paying["pyd_trxn_refid"]
        float_name = "ekpay:prepaid" if body["bllr_inf"]["bllr_id"] in PREPAID else "ekpay"
        amount = int(Decimal(paying["pyd_amnt"]) * 100)

        def act(connection: Connection) -> tuple[int, str, dict[str, Any]]:
            fault = faults.take("ekpay.pay", "refuse")
            if fault or not name:
                raise Refused(fault.reason if fault and fault.reason else "refused")
            _settle(connection, name, amount)
            spend(connection, float_name, amount)
            reference = f"EKP{secrets.randbelow(10**10):010d}"
            return amount, reference, {"key": key, "trx_id": reference, "pyd_amnt": wire(amount)}

        try:
            answer = books.once(key, "ekpay", "ekpay.bill.pay", act)
        except Refused as refused:
            return _refusal(refused)
        return _paid(answer)

    @portal.post("/payment-status")
    def _status() -> Response:
        answer = books.known(request.get_json()["pyd_trxn_refid"], "ekpay")
        return _paid(answer) if answer else _refusal(Refused("not_known"))

    @portal.post("/check-bbalance")
    def _balance() -> Response:
        return jsonify(resp_status={"rsp_cd": "0000", "rsp_msg": "ok"}, bckt_blnc_inf={
            "bckt_blnc": wire(books.float_left("ekpay")), "prepaid_blnc": wire(books.float_left("ekpay:prepaid")),
        })

    @portal.post("/fetch-MDMbillers")
    def _billers() -> Response:
        listed = books.read(lambda connection: connection.execute(select(schema.billers.c.id)).scalars().all())
        known = [{"bllr_id": biller} for biller in sorted(listed)]
        return jsonify(resp_status={"rsp_cd": "0000", "rsp_msg": "ok"}, mdm_data=known)

    return portal


def _bill(connection: Connection, name: str, asked: Mapping[str, Any]) -> tuple[int, bool]:
    """The bill as the biller knows it; one never heard of has the amount that the paper says."""
    found = connection.execute(_BILL, {"its_name": name}).first()
    if found is not None:
        return int(found.amount_poisha), bool(found.paid)
    amount = int(Decimal(asked.get("amount") or "500.00") * 100)
    connection.execute(_NEW_BILL, {"bill": name, "amount_poisha": amount, "paid": False})
    return amount, False


def _settle(connection: Connection, name: str, amount_poisha: int) -> None:
    prepaid = name.split(" ", 1)[0] in PREPAID  # a meter can be topped up again and again
    if connection.execute(_PAY, {"its_name": name, "amount": amount_poisha, "is_paid": not prepaid}).rowcount:
        return
    found = connection.execute(_BILL, {"its_name": name}).one()
    if found.paid:
        raise Refused("already_paid")
    raise Refused("amount_changed", bll_amnt_ttl=wire(found.amount_poisha))


def _paid(answer: Mapping[str, Any]) -> Response:
    return jsonify(
        resp_status={"rsp_cd": "0000", "rsp_msg": "paid"}, trx={"trx_id": answer["trx_id"]},
        pyd_inf={"pyd_trxn_refid": answer["key"], "pyd_amnt": answer["pyd_amnt"]},
    )


def _refusal(refused: Refused) -> Response:
    code = CODES.get(refused.reason, CODES["refused"])
    return jsonify(resp_status={"rsp_cd": code, "rsp_msg": refused.reason}, bllr_inf=refused.facts)
