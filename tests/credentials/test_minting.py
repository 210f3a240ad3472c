"""Keys to embedded environments: minted when needed, and again when the role is another."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from pytest_django.fixtures import Settings

from hotdash.accounts.models import User
from hotdash.credentials import minting
from hotdash.credentials.keys import key_for
from hotdash.credentials.leaving import leave
from hotdash.credentials.models import Credential
from hotdash.host.ids import new_id
from hotdash.orgs.creation import create_environment
from hotdash.orgs.members import LastOwner, change_role
from hotdash.orgs.models import Environment, Kind, Membership
from hotdash.orgs.roles import Role
from tests import samples
from tests.cast import Cast
from tests.reading import said
from tests.upstream import ORIGIN, FakeUpstream, Seen

OPERATOR = "hot_" + "9" * 32 + "_" + "b" * 64
RUNS = "/acme/local/runs/"


@dataclass
class KeyMaker:
    """The embedded API's two operator routes: remembers what was minted and revoked."""

    upstream: FakeUpstream
    minted: list[Seen] = field(default_factory=list)
    environment: dict[str, object] = field(default_factory=samples.environment)
    before_answering: Callable[[], object] = lambda: None

    def __post_init__(self) -> None:
        self.upstream.one("/envs", self.environment, status=201, method="POST")
        self.upstream.respond("POST", "/api-keys", self.mint)

    def mint(self, seen: Seen) -> httpx.Response:
        self.minted.append(seen)
        key_id = new_id()
        self.before_answering()
        token = f"hot_{key_id.hex}_{uuid.uuid4().hex * 2}"
        row = seen.json | {"key_id": str(key_id), "token": token, "created_at": samples.at()}
        return httpx.Response(201, json={"data": row, "meta": {}})


@pytest.fixture
def keys(upstream: FakeUpstream) -> KeyMaker:
    return KeyMaker(upstream)


@pytest.fixture
def local(cast: Cast, settings: Settings, tmp_path: Path) -> Environment:
    """An embedded environment, whose API has written its operator key."""
    settings.DATA_DIR = tmp_path
    settings.EMBEDDED_ORIGIN = ORIGIN
    (tmp_path / "operator-key").write_text(OPERATOR + "\n")
    cast.acme.may_run_code = True
    cast.acme.save()
    return create_environment(cast.acme, "local", "Local", Kind.DEVELOPMENT, is_embedded=True)


def open_as(cast: Cast, person: User, environment: Environment) -> str:
    membership = Membership.objects.select_related("user").get(user=person)
    key = key_for(membership, environment)
    assert key is not None
    return key.reveal()


def test_the_first_page_mints_the_persons_key_with_the_map_of_the_role(
    cast: Cast, local: Environment, keys: KeyMaker, upstream: FakeUpstream
) -> None:
    upstream.many("/runs", [])
    upstream.one("/runs/stats", samples.stats())
    assert cast.browser(cast.vera).get(RUNS).status_code == 200
    (order,) = keys.minted
    assert order.key == OPERATOR
    assert order.json["env_id"] == keys.environment["env_id"]
    assert order.json["name"] == str(cast.vera.pk)
    assert order.json["permissions"]["run:*"] == ["read"]
    token = {call.key for call in upstream.seen("/runs")}
    assert len(token) == 1
    assert OPERATOR not in token


def test_the_environment_is_made_upstream_once_under_the_organizations_id(
    cast: Cast, local: Environment, keys: KeyMaker, upstream: FakeUpstream
) -> None:
    open_as(cast, cast.mia, local)
    open_as(cast, cast.adam, Environment.objects.get(pk=local.pk))
    (made,) = upstream.seen("/envs", "POST")
    assert made.json == {"org_id": str(cast.acme.pk), "name": "local"}
    assert str(Environment.objects.get(pk=local.pk).upstream_env_id) == keys.environment["env_id"]


def test_a_minted_key_serves_until_something_changes(
    cast: Cast, local: Environment, keys: KeyMaker
) -> None:
    assert open_as(cast, cast.mia, local) == open_as(cast, cast.mia, local)
    assert len(keys.minted) == 1


def test_another_role_gets_another_key(cast: Cast, local: Environment, keys: KeyMaker) -> None:
    before = open_as(cast, cast.mia, local)
    change_role(cast.membership(cast.mia), Role.VIEWER)
    assert open_as(cast, cast.mia, local) != before
    assert "create" in keys.minted[0].json["permissions"]["event:*"]
    assert keys.minted[1].json["permissions"]["event:*"] == ["read"]
    assert keys.minted[1].json["name"] == keys.minted[0].json["name"]  # so the former one ends


def test_another_version_of_the_table_gets_another_key(
    cast: Cast, local: Environment, keys: KeyMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = open_as(cast, cast.mia, local)
    monkeypatch.setattr(minting, "UPSTREAM_VERSION", 2)
    assert open_as(cast, cast.mia, local) != before


def test_an_unreadable_minted_key_is_minted_anew_without_a_word(
    cast: Cast, local: Environment, keys: KeyMaker
) -> None:
    open_as(cast, cast.mia, local)
    Credential.objects.filter(user=cast.mia, environment=local).update(sealed=b"k\0nothing")
    open_as(cast, cast.mia, local)
    assert len(keys.minted) == 2


def test_of_two_keys_minted_at_once_the_one_that_lives_upstream_is_kept(
    cast: Cast, local: Environment, keys: KeyMaker
) -> None:
    other: list[str] = []

    def meanwhile() -> None:
        keys.before_answering = lambda: None
        other.append(open_as(cast, cast.mia, local))

    keys.before_answering = meanwhile  # its id is given first, so upstream it ends
    assert open_as(cast, cast.mia, local) == other[0]
    assert open_as(cast, cast.mia, local) == other[0]
    assert len(keys.minted) == 2


def test_without_the_right_to_run_code_nothing_is_minted(
    cast: Cast, local: Environment, keys: KeyMaker
) -> None:
    cast.acme.may_run_code = False
    cast.acme.save()
    response = cast.browser(cast.olive).get(RUNS)
    assert response.status_code == 403
    assert "Acme may not run code on this host." in said(response)
    assert keys.minted == []


def test_before_the_api_ever_started_a_sentence_says_so(
    cast: Cast, local: Environment, keys: KeyMaker, settings: Settings
) -> None:
    (settings.DATA_DIR / "operator-key").unlink()
    response = cast.browser(cast.olive).get(RUNS)
    assert response.status_code == 403
    assert "has not written its operator key yet" in said(response)


def test_an_api_that_is_down_is_told_as_that(
    cast: Cast, local: Environment, upstream: FakeUpstream
) -> None:
    upstream.fail("/envs", httpx.ConnectError("refused"), method="POST")
    assert cast.browser(cast.olive).get(RUNS).status_code == 504
    assert not Credential.objects.filter(environment=local).exists()


def test_whoever_leaves_loses_their_keys_here_and_upstream(
    cast: Cast, local: Environment, keys: KeyMaker, upstream: FakeUpstream
) -> None:
    open_as(cast, cast.mia, local)
    minted = Credential.objects.get(user=cast.mia, environment=local)
    gone = f"/api-keys/{minted.key_id}"
    upstream.raw(gone, b"", status=204, method="DELETE")
    leave(cast.membership(cast.mia))
    assert len(upstream.seen(gone, "DELETE")) == 1
    assert not Credential.objects.filter(user=cast.mia).exists()
    assert cast.browser(cast.mia).get(RUNS).status_code == 404


def test_whoever_leaves_while_the_api_is_down_is_out_all_the_same(
    cast: Cast,
    local: Environment,
    keys: KeyMaker,
    upstream: FakeUpstream,
    caplog: pytest.LogCaptureFixture,
) -> None:
    open_as(cast, cast.mia, local)
    minted = Credential.objects.get(user=cast.mia, environment=local)
    upstream.fail(f"/api-keys/{minted.key_id}", httpx.ConnectError("refused"), method="DELETE")
    leave(cast.membership(cast.mia))
    assert not Credential.objects.filter(user=cast.mia).exists()
    assert str(minted.key_id) in caplog.text


def test_the_last_owner_cannot_leave_and_keeps_the_keys(cast: Cast) -> None:
    with pytest.raises(LastOwner):
        leave(cast.membership(cast.olive))
    assert Credential.objects.filter(user=cast.olive).count() == 3


def test_the_operator_key_is_read_for_minting_alone() -> None:
    root = Path(__file__).parents[2] / "hotdash"
    readers = {
        str(path.relative_to(root))
        for path in root.rglob("*.py")
        if '"operator-key"' in path.read_text(encoding="utf-8") and "localapi" not in path.parts
    }
    assert readers == {"credentials/operator.py"}
