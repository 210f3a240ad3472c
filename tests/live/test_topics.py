"""A topic has one spelling, and names hotdash's own environment."""

import uuid

import pytest

from hotdash.live.topics import (
    BadTopic,
    environment_topic,
    parse_topic,
    run_topic,
    stream_topic,
)

ENVIRONMENT, SUBJECT = uuid.uuid4(), uuid.uuid4()


@pytest.mark.parametrize(
    "text",
    [
        environment_topic(ENVIRONMENT),
        run_topic(ENVIRONMENT, SUBJECT),
        stream_topic(ENVIRONMENT, SUBJECT),
    ],
)
def test_a_topic_is_read_as_it_was_written(text: str) -> None:
    topic = parse_topic(text)
    assert str(topic) == text
    assert topic.environment_id == ENVIRONMENT


@pytest.mark.parametrize(
    "text",
    [
        "",
        "env:",
        f"env:{ENVIRONMENT}/{SUBJECT}",
        f"run:{ENVIRONMENT}",
        f"run:{ENVIRONMENT}/",
        f"run:{ENVIRONMENT}/{SUBJECT}/x",
        f"env:{str(ENVIRONMENT).upper()}" if str(ENVIRONMENT).upper() != str(ENVIRONMENT) else "x",
        f"env:{{{ENVIRONMENT}}}",
        f"env:{ENVIRONMENT.hex}",
        f"task:{ENVIRONMENT}/{SUBJECT}",
        f"run:{ENVIRONMENT}/../../env",
        "env:\u0661" + str(ENVIRONMENT)[1:],
    ],
)
def test_anything_else_is_no_topic(text: str) -> None:
    with pytest.raises(BadTopic):
        parse_topic(text)
