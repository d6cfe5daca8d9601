"""Proves what a store can prove, trusting nothing: recomputes from the rows what the program believes.

Each finding names the promise, the row and the difference. An empty list is the good answer.
"""

from __future__ import annotations

from kiosk.ledger.chain import Head
from kiosk.store.engine import Connection, DatabaseError
from kiosk.verify import proof, rows
from kiosk.verify.finding import Finding
from kiosk.verify.proof import UNREADABLE_WITNESS

__all__ = ["UNREADABLE_WITNESS", "Finding", "verify"]


def verify(connection: Connection, *witnesses: Head) -> list[Finding]:
    """Every broken promise that has left a trace in the file. `witnesses`: heads that were seen outside it."""
    findings: list[Finding] = []
    with_snapshot = not connection.in_transaction
    if with_snapshot:
        connection.execute("BEGIN")
    try:
        for check in (*rows.CHECKS, *proof.CHECKS):
            findings.extend(check(connection))
        for witness in witnesses:
            findings.extend(proof.reaches(connection, witness))
    except DatabaseError as error:
        findings.append(Finding("the file is whole", "file", str(error)))
    finally:
        if with_snapshot and connection.in_transaction:
            connection.execute("ROLLBACK")
    return findings
