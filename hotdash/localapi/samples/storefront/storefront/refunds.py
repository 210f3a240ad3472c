"""Refunds: the bank is often busy, so a refund is tried again until it works."""

import time

from hotbuild import on_event, run


class BankBusy(Exception):
    """The bank answered that it has no time."""


@on_event("refund:requested", retry=3, retry_delay=6)
def on_refund_requested(refund):
    """Pay back an order; fails twice, and works on the third attempt."""
    return {"refund": refund["number"], "reference": pay_back(refund), "attempt": run.attempt}


def pay_back(refund):
    """Ask the bank. `run.attempt` is 1 for the first run and one more for each retry."""
    time.sleep(0.12)
    if run.attempt < 3:
        raise BankBusy(f"the bank is busy (503), try {refund['number']} again later")
    return f"rf-{refund['number']}"
