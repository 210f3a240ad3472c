"""Which attempt a run is, with servers that say it and servers that do not."""

import pytest

from hotdash.gateway.runs import shape_run
from hotdash.kit.attempts import limit, nth, ordinal, words
from tests.samples import OMIT, new_id, run


def shaped(status: str = "succeeded", **changes: object):
    return shape_run(run(status, **changes))


def test_the_servers_own_ordinal_goes_first():
    assert ordinal(shaped("failed", attempt=2, origin_run_id=new_id())) == 2


def test_without_it_a_run_that_retries_nothing_is_the_first():
    assert ordinal(shaped("failed", attempt=OMIT, retry_attempt=1)) == 1


@pytest.mark.parametrize(
    ("status", "counter", "expected"),
    [
        ("pending_retry", 2, 2),
        ("running", 1, 2),
        ("succeeded", 2, 3),
        ("cancelled", 1, 2),
        ("failed", 2, None),
    ],
)
def test_without_it_a_retry_is_counted_by_its_status(status, counter, expected):
    retry = shaped(status, attempt=OMIT, retry_attempt=counter, origin_run_id=new_id())
    assert ordinal(retry) == expected


def test_the_limit_is_one_more_than_the_retries():
    assert limit(shaped(retry_max=2)) == 3
    assert limit(shaped(retry_max=OMIT)) is None


def test_n_of_m_is_written_only_where_the_limit_is_known():
    assert words(shaped(attempt=2, retry_max=2)) == "2 of 3"
    assert words(shaped(attempt=2, retry_max=OMIT)) == "2"
    assert words(shaped(attempt=4, retry_max=2)) == "4"
    assert words(shaped("failed", attempt=OMIT, origin_run_id=new_id())) == ""


@pytest.mark.parametrize(
    ("count", "word"),
    [
        (1, "first"),
        (8, "eighth"),
        (9, "9th"),
        (11, "11th"),
        (21, "21st"),
        (22, "22nd"),
        (113, "113th"),
    ],
)
def test_which_of_several_is_written_as_one_says_it(count, word):
    assert nth(count) == word
