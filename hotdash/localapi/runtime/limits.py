"""What a run may use, and how large what it says may be. Imported by worker and child alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

MIB = 1024 * 1024

LINE_BYTES = MIB  # one message between a run and its worker
LINE_DEPTH = 64
RESULT_BYTES = 32 * MIB
RESULT_DEPTH = 64
CHUNK_CHARACTERS = 170_000  # of a result or input in one line; JSON may need six bytes for each
STREAM_BYTES = 8 * MIB  # all that a run streams
PIECE_BYTES = 100  # counted of each piece beside its own, since each is a row
SENT_EVENTS = 1_000
ASKED = 10_000  # questions of a run to its worker
ASKED_CHARACTERS = 8_000  # of each fact in a question
SENT_DEPTH = 100  # how many runs may set each other off
STARTED_TASKS = 100  # by one run
TASK_MS = 24 * 60 * 60 * 1000  # the longest time that a task may be given
RETRIES = 100
RETRY_DELAY_MS = 24 * 60 * 60 * 1000
TRACE_BYTES = 4 * MIB
TRACE_CALLS = 5_000
SHOWN_CHARACTERS = 16 * 1024  # of arguments or a value; only large values make them longer
LARGE_VALUES = 20  # of one run, that its trace holds whole
LARGE_VALUE_BYTES = MIB  # each of them
LARGE_VALUES_BYTES = 8 * MIB  # all of them
TOTAL_BYTES = 128 * MIB  # all that is read from a run, whatever it is
IMPORT_SECONDS = 10
OPEN_FILES = 256
FILE_BYTES = 256 * MIB


@dataclass(frozen=True)
class Limits:
    """How long one run may take, by the clock and of a processor, how much memory; its borders."""

    seconds: int = 300
    memory_mb: int = 512
    is_confined: bool = False  # to its own files and processes, see confinement.py

    def words(self) -> tuple[str, ...]:
        """Return them as arguments of a command line."""
        return str(self.seconds), str(self.memory_mb), str(int(self.is_confined))

    @classmethod
    def of(cls, words: Sequence[str]) -> Self:
        """Return the limits that such arguments name."""
        seconds, memory_mb, is_confined = map(int, words)
        return cls(seconds, memory_mb, bool(is_confined))
