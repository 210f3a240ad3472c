"""Orders: checked, priced, reserved, paid, and then announced to the rest of the shop."""

from hotbuild import on_event, send

from storefront import payments, prices, stock


# Runs for every order:placed event. If it raises, it is tried again twice, ten seconds apart:
# three attempts in all, each a run of its own.
@on_event("order:placed", retry=2, retry_delay=10)
def on_order_placed(order):
    """Turn a placed order into a confirmed one; what is returned is the run's result."""
    lines = check_lines(order)
    total = prices.total_of(lines)
    shelf = stock.reserve(order["number"], lines)
    try:
        receipt = payments.charge(order["number"], total, order["currency"])
    except payments.ChargeRefused:
        stock.release(order["number"], lines)
        raise
    # An event of one's own, into the same stream: shipping.py has two handlers for it.
    send(
        "order:confirmed",
        {"number": order["number"], "lines": lines, "country": order["country"]},
    )
    return {"number": order["number"], "total": total, "receipt": receipt, "shelf": shelf}


def check_lines(order):
    """Return the order's lines, or say which one makes no sense."""
    lines = order.get("lines", [])
    if not lines:
        raise ValueError(f"order {order['number']} has no lines")
    for number, line in enumerate(lines, start=1):
        if line["quantity"] < 1:
            raise ValueError(f"line {number} of {order['number']} has quantity {line['quantity']}")
    return lines
