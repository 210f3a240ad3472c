"""Each operation that the SDK lists answers with its documented success, called through it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.operations import OPERATIONS
from tests.conformance.served import Served
from tests.conformance.world import World


def test_every_operation_of_the_sdk_is_called(sdk: Path) -> None:
    listed = json.loads((sdk / "tests" / "openapi_operations.json").read_text())

    assert {f"{each['method']} {each['path']}" for each in listed} == set(OPERATIONS)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_operation_answers_with_its_success(hot: Any, served: Served, operation: str) -> None:
    status, call = OPERATIONS[operation]
    answers: list[Any] = []
    hot._transport.client.event_hooks = {"response": [answers.append]}

    call(World(hot, served))

    method, _, path = operation.partition(" ")
    pattern = re.sub(r"\{\w+\}", "[^/]+", path.replace("{path}", ".+"))
    statuses = [
        answer.status_code
        for answer in answers
        if answer.request.method == method and re.fullmatch(pattern, answer.request.url.path)
    ]
    assert statuses
    assert statuses[-1] == status
