"""A run that takes longer than it may is ended, whatever it does against that (threats R4)."""

import pytest

from tests.localapi.runtime.shop import Shop, failure

BUILD = {
    "endless.py": """
import signal, time

def busy():
    while True:
        pass

def stubborn():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        try:
            time.sleep(60)
        except BaseException:
            pass
"""
}


@pytest.fixture(scope="module")
def run_seconds() -> int:
    return 2


@pytest.mark.parametrize("function", ["busy", "stubborn"])
def test_a_run_that_does_not_end_is_ended(deployed: Shop, stored: None, function: str) -> None:
    run = deployed.call(f"::endless/{function}")
    assert run.status == "failed"
    message = "time limit: the run took more than 2 s"
    assert failure(run) == {"msg": message, "err": {"type": "TimeLimit"}}
