"""An event becomes runs, and a run becomes what its function returned or raised."""

import json

from hotdash.localapi import engine
from hotdash.localapi.models import Note, Run, StreamData
from tests.localapi.runtime.shop import Shop, calls_of, failure, result, tree
from tests.localapi.runtime.workers import WorkerProcess
from tests.sockets import wait_for

SHOP = {
    "shop/orders.py": """
from hotbuild import ctx, on_event, run, send, stream
from shop import stock

@on_event("order:placed")
def on_order_placed(order):
    stream({"step": "reserving"}, "progress")
    left = stock.reserve(order["sku"], order["quantity"])
    send("order:reserved", {"sku": order["sku"]})
    return {"left": left, "attempt": run.attempt, "type": run.event_type}

@on_event("order:reserved")
async def on_order_reserved(order):
    return order["sku"]

@on_event("order:reserved")
def _write(order):
    return "written"

def add_nums(a, b=1):
    return a + b

def not_json():
    return {"self": object()}

def leave():
    raise SystemExit(3)
""",
    "shop/stock.py": """
class OutOfStock(Exception):
    pass

def reserve(sku, quantity):
    return take(sku, quantity)

def take(sku, quantity):
    if quantity > 5:
        raise OutOfStock(f"{quantity} of {sku} wanted, 5 there")
    return 5 - quantity
""",
}


def test_an_event_runs_its_handler_and_keeps_what_it_returned(
    shop: Shop, worker: WorkerProcess
) -> None:
    shop.deploy(SHOP)
    event = shop.publish("order:placed", {"sku": "MUG", "quantity": 2})
    (run,) = shop.runs_of(event)
    assert run.status == "succeeded"
    assert result(run) == {"left": 3, "attempt": 1, "type": "order:placed"}
    assert run.stop_time is not None
    assert run.start_time <= run.stop_time
    assert (run.claim_at, run.worker) == (None, None)


def test_an_event_that_a_run_sends_is_in_its_stream_and_names_its_sender(
    shop: Shop, worker: WorkerProcess
) -> None:
    shop.deploy(SHOP)
    event = shop.publish("order:placed", {"sku": "MUG", "quantity": 2})
    (sender,) = shop.runs_of(event)
    (sent,) = event.stream.events.exclude(pk=event.pk)
    assert (sent.event_type, sent.source, sent.origin_run_id) == (
        "order:reserved",
        "run",
        sender.run_id,
    )
    assert [(run.var, result(run)) for run in shop.runs_of(sent)] == [
        ("_write", "written"),
        ("on-order-reserved", "MUG"),
    ]


def test_calls_are_traced_across_modules_with_arguments_and_values(
    shop: Shop, worker: WorkerProcess
) -> None:
    shop.deploy(SHOP)
    (run,) = shop.runs_of(shop.publish("order:placed", {"sku": "MUG", "quantity": 2}))
    assert tree(run) == ["on-order-placed", "  reserve", "    take"]
    take = calls_of(run)[2]
    assert (take.ns, take.file, take.line) == ("::shop::stock", "shop/stock.py", 8)
    assert json.loads(take.args) == {"sku": "MUG", "quantity": 2}
    assert take.value == "3"
    assert take.error is None
    assert take.stop_time is not None
    assert take.start_time <= take.stop_time
    assert run.trace_rev == max(call.rev for call in calls_of(run))


def test_a_failure_says_what_where_and_in_which_call(shop: Shop, worker: WorkerProcess) -> None:
    shop.deploy(SHOP)
    (run,) = shop.runs_of(shop.publish("order:placed", {"sku": "LAMP", "quantity": 9}))
    assert run.status == "failed"
    message = "9 of LAMP wanted, 5 there"
    assert failure(run) == {
        "msg": message,
        "err": {
            "type": "::shop::stock/OutOfStock",
            "msg": message,
            "function": "::shop::stock/take",
            "file": "shop/stock.py",
            "line": 10,
            "call": 3,
        },
    }
    errors = [json.loads(call.error or "") for call in calls_of(run)]
    assert errors == [{"type": "::shop::stock/OutOfStock", "msg": message}] * 3


def test_a_function_is_called_by_name_with_its_arguments(shop: Shop, worker: WorkerProcess) -> None:
    shop.deploy(SHOP)
    run = shop.call("::shop::orders/add-nums", 2, 40)
    assert (run.run_type, run.event_type, result(run)) == ("call", None, 42)


def test_what_is_streamed_is_kept_and_told(shop: Shop, worker: WorkerProcess) -> None:
    shop.deploy(SHOP)
    event = shop.publish("order:placed", {"sku": "MUG", "quantity": 1})
    (run,) = shop.runs_of(event)
    (streamed,) = StreamData.objects.filter(run_id=run.run_id)
    assert (streamed.data_type, json.loads(streamed.payload)) == ("progress", {"step": "reserving"})
    told = Note.objects.filter(topic=f"stream:{event.stream_id}").order_by("id")
    notes = told.filter(body__contains=str(run.run_id))  # what it sends starts others meanwhile
    assert [note.kind for note in notes] == ["run:start", "stream:data", "run:stop"]
    note = notes[1]
    assert json.loads(note.body) == {
        "stream_data_id": str(streamed.stream_data_id),
        "run_id": str(run.run_id),
        "data_type": "progress",
        "payload": {"step": "reserving"},
    }


def test_subscribers_of_the_environment_are_told_of_every_step(
    shop: Shop, worker: WorkerProcess
) -> None:
    shop.deploy(SHOP)
    (run,) = shop.runs_of(shop.publish("order:reserved", {"sku": "MUG"}))[:1]
    told = Note.objects.filter(topic=f"env:{shop.environment.env_id}").order_by("id")
    kinds = [note.kind for note in told]
    assert kinds[:3] == ["stream:created", "event:created", "event:handled"]
    assert sorted(kinds[3:]) == ["run:start", "run:start", "run:stop", "run:stop"]
    stop = next(
        body
        for note in told
        if note.kind == "run:stop" and (body := json.loads(note.body))["run_id"] == str(run.run_id)
    )
    assert stop.pop("duration_ms") >= 0
    assert stop == {
        "run_id": str(run.run_id),
        "env_id": str(shop.environment.env_id),
        "stream_id": str(run.stream_id),
        "event_id": str(run.event_id),
        "project_id": str(shop.project.project_id),
        "fn_name": "::shop::orders/_write",
        "run_type": "event",
    }


def test_a_result_that_is_not_json_fails_with_the_type_in_the_way(
    shop: Shop, worker: WorkerProcess
) -> None:
    shop.deploy(SHOP)
    run = shop.call("::shop::orders/not-json")
    assert failure(run)["msg"] == "the result is not JSON: it holds a value of type object"
    assert failure(run)["err"]["type"] == "NotJson"


def test_a_function_that_exits_fails_its_run_only(shop: Shop, worker: WorkerProcess) -> None:
    shop.deploy(SHOP)
    run = shop.call("::shop::orders/leave")
    assert failure(run)["msg"] == "the function ended its process: exit(3)"


def test_an_event_without_a_handler_is_kept_and_runs_nothing(stored: None, shop: Shop) -> None:
    event = shop.publish("nobody:cares", {"a": 1})
    assert not Run.objects.filter(event=event).exists()
    kinds = [note.kind for note in Note.objects.filter(topic=f"env:{shop.environment.env_id}")]
    assert "event:handled" not in kinds


def test_a_pending_run_is_cancelled_at_once(shop: Shop, worker: WorkerProcess) -> None:
    shop.deploy(SHOP)
    run = shop.start("::shop::orders/add-nums", 1)
    Run.objects.filter(pk=run.pk, status="pending").update(claim_at=None)  # nobody takes it
    if engine.cancel(run.run_id, "not needed"):
        wait_for(lambda: Run.objects.get(pk=run.pk).status == "cancelled")
    assert engine.cancel(run.run_id) is False
