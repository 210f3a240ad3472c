"""Reports: a handler that takes some seconds, says how far it is, and leaves a file."""

import time

from hotbuild import files, on_event, stream


@on_event("report:requested")
def on_report_requested(report):
    """Read a month of orders in batches; whoever watches the stream sees each of them pass.

    The table is kept as a file, which outlives the run; asked for again, it is written anew.
    """
    read, table = 0, "day,orders\n"
    days = report.get("days", 10)
    for batch in batches(days):
        read += batch["orders"]
        table += f"{batch['day']},{batch['orders']}\n"
        stream({"day": batch["day"], "of": days, "orders": batch["orders"]}, "progress")
        time.sleep(0.8)
    stream(f"{days} days read", "log")
    kept = files.write(f"reports/{report['month']}.csv", table)
    return {"month": report["month"], "days": days, "orders": read, "file": kept.path}


def batches(days):
    """Yield one day after the other; a generator is one call, open until its last item."""
    for day in range(1, days + 1):
        yield load_day(day)


def load_day(day):
    """Return the orders of one day."""
    time.sleep(0.2)
    return {"day": day, "orders": 20 + day * 7 % 13}
