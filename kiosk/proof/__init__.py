"""A receipt that proves itself: a signed statement in its QR, and the check of it without any line.

docs/receipts.md tells what each byte means and how a device is certified; docs/decisions/0006 why it is so.
"""
