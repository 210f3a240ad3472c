"""What the key of each role may do upstream: the table of the decision, written out."""

import pytest

from hotdash.orgs.roles import PERMISSIONS, Role, may, upstream_permissions

READABLE = {"project", "build", "context", "event", "run", "stream", "env", "file", "domain"}
ALL = ["read", "create", "update", "delete"]


def test_everyone_reads_everything_that_can_be_read() -> None:
    for role in (Role.VIEWER, Role.MEMBER, Role.ADMIN):
        permissions = upstream_permissions(role)
        assert {kind for kind in READABLE if "read" in permissions[f"{kind}:*"]} == READABLE


@pytest.mark.parametrize(
    ("role", "more"),
    [
        (Role.VIEWER, {}),
        (Role.MEMBER, {"event:*": ["read", "create"]}),
        (
            Role.ADMIN,
            {
                "event:*": ["read", "create"],
                "build:*": ["read", "create", "execute"],
                "session:*": ["*"],
                **{f"{kind}:*": ALL for kind in ("project", "context", "file", "domain")},
            },
        ),
    ],
)
def test_beyond_reading_each_role_may_exactly_this(role: Role, more: dict[str, list[str]]) -> None:
    reading = {f"{kind}:*": ["read"] for kind in READABLE}
    assert upstream_permissions(role) == reading | more


def test_an_owner_may_everything() -> None:
    assert upstream_permissions(Role.OWNER) == {"*:*": ["*"]}


def test_changing_a_map_that_was_given_out_changes_nobody_elses() -> None:
    upstream_permissions(Role.VIEWER)["run:*"].append("delete")
    assert upstream_permissions(Role.VIEWER)["run:*"] == ["read"]


def test_a_permission_that_does_not_exist_is_an_error_not_a_no() -> None:
    with pytest.raises(KeyError):
        may(Role.OWNER, "lamps.light")


def test_whoever_is_nobody_may_nothing() -> None:
    assert not any(may("", permission) for permission in PERMISSIONS)
