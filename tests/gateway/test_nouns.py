"""Each noun's calls: where they go, what they send, what comes back."""

import io
import uuid

import httpx
import pytest

from hotdash.gateway import (
    builds,
    context,
    downloads,
    events,
    handlers,
    operator,
    projects,
    schedules,
    stream_data,
    traces,
    usage,
)
from hotdash.gateway.errors import BadAnswer, NoAnswer, Refused, RouteMissing
from hotdash.gateway.secret import Secret
from tests import samples
from tests.upstream import FakeUpstream, gateway

RUN = samples.BUILD_ID


def test_a_trace_holds_its_calls_and_where_it_stands(upstream: FakeUpstream) -> None:
    error = {"type": "OutOfStock", "msg": "no more blue ones"}
    calls = [samples.call(1), samples.call(2, 1, error=error, value=None, stop_time=None)]
    upstream.many(f"/runs/{RUN}/vars", calls, rev=41, execution=2)
    trace = traces.list_calls(gateway(), RUN, after_rev=1)
    assert (trace.rev, trace.execution, trace.total, trace.has_more) == (41, 2, 2, False)
    first, second = trace.calls
    assert (first.function, first.parent_id, first.error) == (
        "::storefront::orders/step-1",
        None,
        None,
    )
    assert (second.parent_id, second.error) == (
        "1",
        traces.CallError("OutOfStock", "no more blue ones"),
    )
    assert second.stop_time is None
    assert first.args is not None
    assert first.args.value == {"order_id": 7}
    assert upstream.calls[0].params["after_rev"] == "1"


def test_plain_variables_draw_no_trace(upstream: FakeUpstream) -> None:
    upstream.many(f"/runs/{RUN}/vars", [samples.variable(), samples.variable(meta={"kind": "x"})])
    trace = traces.list_calls(gateway(), RUN)
    assert trace.calls == ()
    assert [variable.var for variable in trace.variables] == ["invoice", "invoice"]
    assert (trace.rev, trace.execution) == (None, None)


def test_a_server_without_traces_says_so(upstream: FakeUpstream) -> None:
    upstream.refuse(f"/runs/{RUN}/vars", 404)
    with pytest.raises(RouteMissing):
        traces.list_calls(gateway(), RUN)


def test_an_event_names_its_sender_where_the_server_does(upstream: FakeUpstream) -> None:
    sender = samples.new_id()
    sent = samples.event("email:send", source="run", origin_run_id=sender)
    upstream.one(f"/events/{sent['event_id']}", sent)
    event = events.get_event(gateway(), sent["event_id"])
    assert (event.source, event.origin_run_id) == ("run", uuid.UUID(sender))
    plain = samples.platform(sent)
    upstream.one(f"/events/{sent['event_id']}", plain)
    event = events.get_event(gateway(), sent["event_id"])
    assert (event.source, event.origin_run_id) == (None, None)


def test_events_and_runs_of_a_stream_are_asked_for_by_it(upstream: FakeUpstream) -> None:
    other = samples.event(stream_id=samples.new_id())
    upstream.many("/events", [samples.event("a"), other])
    stream = uuid.UUID(samples.STREAM_ID)
    page = events.list_events(gateway(), limit=200, stream_id=stream)
    assert [event.event_type for event in page] == ["a"]
    assert upstream.calls[0].params["stream_id"] == samples.STREAM_ID


def test_publishing_sends_type_data_and_stream(upstream: FakeUpstream) -> None:
    upstream.one("/events", samples.event(), status=201, method="POST")
    events.publish_event(gateway(), "order:placed", None)
    events.publish_event(gateway(), "order:placed", {"a": 1}, uuid.UUID(samples.STREAM_ID))
    assert [call.json for call in upstream.calls] == [
        {"event_type": "order:placed", "event_data": None},
        {"event_type": "order:placed", "event_data": {"a": 1}, "stream_id": samples.STREAM_ID},
    ]


def test_the_runs_of_an_event_are_listed(upstream: FakeUpstream) -> None:
    run = samples.run()
    upstream.many(f"/events/{run['event_id']}/runs", [run])
    assert events.list_event_runs(gateway(), run["event_id"]).total == 1


def test_handlers_and_schedules_name_their_functions(upstream: FakeUpstream) -> None:
    upstream.many("/projects/storefront/event-handlers", [samples.event_handler()])
    upstream.many("/projects/storefront/schedules", [samples.schedule()])
    (handler,) = handlers.list_event_handlers(gateway(), "storefront")
    (schedule,) = schedules.list_schedules(gateway(), "storefront")
    assert handler.function == "::storefront::orders/on-placed"
    assert (schedule.function, schedule.cron) == ("::storefront::stock/count-stock", "* * * * *")


def test_a_project_may_have_any_name_that_fits_a_path(upstream: FakeUpstream) -> None:
    upstream.one("/projects/My Project!", samples.project("My Project!"))
    assert projects.get_project(gateway(), "My Project!").name == "My Project!"


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "%2e%2e", "a\\b", "a?b", "a#b", "a\nb"])
def test_a_name_that_changes_the_path_is_unknown_without_a_call(
    upstream: FakeUpstream, name: str
) -> None:
    for call in (projects.get_project, handlers.list_event_handlers, builds.get_deployed_build):
        with pytest.raises(Refused) as caught:
            call(gateway(), name)
        assert caught.value.status == 404
    with pytest.raises(Refused):
        context.delete_context(gateway(), "storefront", name)
    assert upstream.calls == []


def test_a_project_is_made_by_name(upstream: FakeUpstream) -> None:
    upstream.one("/projects", samples.project("billing"), status=201, method="POST")
    upstream.many("/projects", [samples.project("billing", active=False)])
    assert projects.create_project(gateway(), "billing").name == "billing"
    assert upstream.calls[0].json == {"name": "billing"}
    assert not projects.list_projects(gateway()).rows[0].is_active


def test_a_build_is_uploaded_with_its_hash_and_deployed_apart(upstream: FakeUpstream) -> None:
    uploaded = {"build_id": samples.BUILD_ID, "hash": "abc", "size": 3}
    pending = samples.build(deployed=False, runtime_status="pending")
    upstream.one("/projects/storefront/builds", uploaded, status=201, method="POST")
    upstream.one(f"/projects/storefront/builds/{samples.BUILD_ID}/deploy", pending, method="POST")
    build = builds.upload_build(gateway(), "storefront", io.BytesIO(b"PK zip"), "abc")
    assert (build.build_id, build.size_bytes) == (uuid.UUID(samples.BUILD_ID), 3)
    assert b'name="hash"\r\n\r\nabc' in upstream.calls[0].body
    assert b"PK zip" in upstream.calls[0].body
    deployed = builds.deploy_build(gateway(), "storefront", build.build_id)
    assert (deployed.is_deployed, deployed.runtime_status) == (False, "pending")


def test_a_build_of_the_older_generation_has_no_runtime_state(upstream: FakeUpstream) -> None:
    older = samples.build(runtime_status=samples.OMIT, deployment_sequence=samples.OMIT)
    upstream.one(f"/projects/storefront/builds/{samples.BUILD_ID}", older)
    upstream.one("/projects/storefront/builds/deployed", older)
    build = builds.get_build(gateway(), "storefront", samples.BUILD_ID)
    assert (build.runtime_status, build.runtime_error, build.is_deployed) == ("", None, True)
    assert builds.get_deployed_build(gateway(), "storefront") == build


def test_a_context_value_is_sent_as_json_text(upstream: FakeUpstream) -> None:
    row = {"key": "SMTP", "description": None, "created_at": samples.at(), "updated_at": ""}
    upstream.one("/projects/storefront/context", row, status=201, method="POST")
    upstream.one("/projects/storefront/context/SMTP", row, method="PUT")
    upstream.raw("/projects/storefront/context/SMTP", b"", 204, "DELETE")
    upstream.many("/projects/storefront/context", [row])
    variable = context.create_context(gateway(), "storefront", "SMTP", "smtp://mail")
    context.update_context(gateway(), "storefront", "SMTP", {"a": 1}, "Mail")
    context.delete_context(gateway(), "storefront", "SMTP")
    assert context.list_context(gateway(), "storefront").rows == (variable,)
    assert upstream.calls[0].json["value"] == '"smtp://mail"'
    assert upstream.calls[1].json == {"value": '{"a": 1}', "description": "Mail"}


def test_usage_falls_back_to_the_quota_of_the_older_generation(upstream: FakeUpstream) -> None:
    told = {
        "org_id": samples.ORG_ID,
        "usage": {"runs_this_period": 2855},
        "limits": {"runs_per_month": -1},
        "usage_percent": {"runs": 0.5, "has_warning": True},
        "plan": {"name": "Self-Hosted"},
    }
    upstream.one("/org/usage", told)
    read = usage.get_usage(gateway())
    assert (read.plan, read.usage, read.percent) == (
        "Self-Hosted",
        {"runs_this_period": 2855},
        {"runs": 0.5},
    )
    assert read.has_warning
    upstream.refuse("/org/usage", 404)
    upstream.one("/env/quota", {"compute_used_percent": 15, "requests_per_hour": 1000})
    older = usage.get_usage(gateway())
    assert (older.percent, older.limits) == (
        {"compute_used_percent": 15},
        {"requests_per_hour": 1000},
    )


def test_stream_data_of_a_run_is_listed(upstream: FakeUpstream) -> None:
    upstream.many(f"/runs/{RUN}/stream-data", [samples.stream_data({"percent": 50})])
    (piece,) = stream_data.list_stream_data(gateway(), RUN)
    assert piece.payload is not None
    assert (piece.data_type, piece.payload.value) == ("progress", {"percent": 50})


def test_the_operator_mints_and_revokes(upstream: FakeUpstream) -> None:
    key_id = samples.new_id()
    upstream.one("/envs", samples.environment(), status=201, method="POST")
    upstream.one("/api-keys", {"key_id": key_id, "token": "hot_abc"}, status=201, method="POST")
    upstream.raw(f"/api-keys/{key_id}", b"", 204, "DELETE")
    made = operator.create_environment(gateway(), uuid.UUID(samples.ORG_ID), "development")
    minted = operator.mint_key(gateway(), made.env_id, "mia", {"run:*": ["read"]})
    operator.revoke_key(gateway(), minted[0])
    assert minted == (uuid.UUID(key_id), Secret("hot_abc"))
    assert upstream.calls[1].json == {
        "env_id": samples.ENV_ID,
        "name": "mia",
        "permissions": {"run:*": ["read"]},
    }


def test_a_minted_key_without_its_text_is_a_bad_answer(upstream: FakeUpstream) -> None:
    upstream.one("/api-keys", {"key_id": samples.new_id()}, method="POST")
    with pytest.raises(BadAnswer):
        operator.mint_key(gateway(), uuid.UUID(samples.ENV_ID), "mia", {})


def test_a_download_passes_on_bytes_and_nothing_else(upstream: FakeUpstream) -> None:
    upstream.raw("/runs", b'{"data": 1}', set_cookie="a=b", hx_redirect="/")
    assert b"".join(downloads.download(gateway(), "/runs")) == b'{"data": 1}'


def test_a_download_that_is_refused_raises_at_once(upstream: FakeUpstream) -> None:
    upstream.refuse("/runs", 403, "forbidden", "no")
    with pytest.raises(Refused):
        downloads.download(gateway(), "/runs")
    upstream.fail("/runs", httpx.ReadTimeout(""))
    with pytest.raises(NoAnswer):
        downloads.download(gateway(), "/runs")
