"""Lists of files: by prefix, by run, last changed first (contract 5.8)."""

from hotdash.localapi.models import File
from hotdash.localapi.models.ids import new_id
from tests.localapi.files import listed, stored
from tests.localapi.tenants import Tenant


def test_a_list_is_cut_by_its_true_prefix(tenant: Tenant) -> None:
    for path in ("a/1", "a/2", "A/1", "b/a/1", "a%251", "a_1", "ä/1"):
        stored(tenant, path)

    assert set(listed(tenant, "a/")) == {"a/1", "a/2"}
    assert set(listed(tenant, "a")) == {"a/1", "a/2", "a%1", "a_1"}
    assert listed(tenant, "a%") == ["a%1"]
    assert listed(tenant, "a_") == ["a_1"]
    assert listed(tenant, "ä") == ["ä/1"]
    assert listed(tenant, "a/1/more") == []
    assert len(listed(tenant, "")) == 7


def test_a_list_begins_with_what_changed_last(tenant: Tenant) -> None:
    for path in ("a", "b", "c", "a"):
        stored(tenant, path, path.encode())

    answer = tenant.client.get("/v1/files", params={"limit": 2}).json()

    assert [row["path"] for row in answer["data"]] == ["a", "c"]
    assert answer["pagination"] == {"total": 3, "limit": 2, "offset": 0, "has_more": True}


def test_a_prefix_that_is_an_id_also_finds_what_that_run_wrote(tenant: Tenant) -> None:
    run_id = new_id()
    for path in ("made", "changed", f"{run_id}/under", "neither"):
        stored(tenant, path)
    files = File.objects.filter(environment_id=tenant.env_id)
    files.filter(path="made").update(created_by_run_id=run_id)
    files.filter(path="changed").update(updated_by_run_id=run_id)

    assert set(listed(tenant, str(run_id))) == {"made", "changed", f"{run_id}/under"}
    assert set(listed(tenant, run_id.hex.upper())) == {"made", "changed"}
