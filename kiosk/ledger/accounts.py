"""The accounts' names: what each one holds. A debit is positive, a credit negative."""

from __future__ import annotations

CASH = "cash:drawer"
CHARGE = "income:charge"
REFUND_DUE = "refund_due:citizen"
OWNER = "owner:capital"
BANK = "bank:centre"
VAT = "payable:vat"  # in the operator's charge, where the centre has a BIN
OVER_SHORT = "income:over_short"  # what a count of the drawer found more (credit) or less (debit)

_FLOAT = "float:"


def clearing(tender: str) -> str:
    """Money that came by phone, card or wallet and is on its way to the centre."""
    return f"clearing:{tender}"


def payable(portal: str) -> str:
    """Taken from citizens, to be passed on through `portal`."""
    return f"payable:{portal}"


def float_of(name: str) -> str:
    """Prefunded at a portal: `ekpay`, `ekpay:prepaid`, ..."""
    return f"{_FLOAT}{name}"


def float_name(account: str) -> str:
    """The name of the float that an account holds; empty for any other account."""
    return account.removeprefix(_FLOAT) if account.startswith(_FLOAT) else ""
