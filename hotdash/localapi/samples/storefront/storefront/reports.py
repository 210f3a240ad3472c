"""Reports: a handler that takes some seconds and says how far it is."""

import time

from hotbuild import on_event, stream


@on_event("report:requested")
def on_report_requested(report):
    """Read a month of orders in batches; whoever watches the stream sees each of them pass."""
    read = 0
    days = report.get("days", 10)
    for batch in batches(days):
        read += batch["orders"]
        stream({"day": batch["day"], "of": days, "orders": batch["orders"]}, "progress")
        time.sleep(0.8)
    stream(f"{days} days read", "log")
    return {"month": report["month"], "days": days, "orders": read}


def batches(days):
    """Yield one day after the other; a generator is one call, open until its last item."""
    for day in range(1, days + 1):
        yield load_day(day)


def load_day(day):
    """Return the orders of one day."""
    time.sleep(0.2)
    return {"day": day, "orders": 20 + day * 7 % 13}
