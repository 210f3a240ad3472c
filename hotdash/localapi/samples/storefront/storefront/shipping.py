"""Shipping: an event may have several handlers, and a handler may be async."""

import asyncio

from hotbuild import on_event

DAYS = {"DE": 2, "FR": 3, "GB": 4, "US": 6}


@on_event("order:confirmed")
async def on_order_confirmed(order):
    """Ask two carriers at the same time and take the cheaper one."""
    offers = await asyncio.gather(
        quote("Postal Union", order["country"], 0.4),
        quote("Night Courier", order["country"], 0.25),
    )
    best = min(offers, key=lambda offer: offer["cents"])
    return {"number": order["number"], "carrier": best["carrier"], "days": best["days"]}


async def quote(carrier, country, seconds):
    """Return one carrier's offer; the trace shows both calls side by side."""
    await asyncio.sleep(seconds)
    days = DAYS.get(country, 9)
    return {"carrier": carrier, "days": days, "cents": round(390 + days * 1000 * seconds)}


@on_event("order:confirmed")
def write_to_customer(order):
    """Return the words of the confirmation."""
    pieces = sum(line["quantity"] for line in order["lines"])
    return f"Order {order['number']} is confirmed: {pieces} pieces are on their way."
