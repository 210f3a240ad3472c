"""What a run says while it runs, within its caps; the worker writes it down from here."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from hotdash.localapi.models import Run
from hotdash.localapi.runtime import outcomes
from hotdash.localapi.runtime.limits import (
    ASKED,
    LARGE_VALUES,
    MIB,
    PIECE_BYTES,
    RESULT_BYTES,
    SENT_DEPTH,
    SENT_EVENTS,
    STREAM_BYTES,
    TOTAL_BYTES,
)
from hotdash.localapi.runtime.lines import BadLine, Reader
from hotdash.localapi.runtime.messages import (
    CUT,
    BadText,
    CallRow,
    Question,
    checked_json,
    kind_of,
    read_call,
    read_failure,
    read_part,
    read_question,
    read_reason,
    read_type,
)

if TYPE_CHECKING:
    from hotdash.localapi.runtime.outcomes import Outcome


@dataclass
class Said:
    """What a run said since it was last written down."""

    calls: dict[int, CallRow] = field(default_factory=dict)
    streamed: list[tuple[str, str]] = field(default_factory=list)  # data type, JSON text
    sent: list[tuple[str, str]] = field(default_factory=list)  # event type, JSON text

    def note(self, call: CallRow) -> None:
        """Take in what was said of a call, with what was said of it before."""
        before = self.calls.get(call.seq)
        if before is not None and call.args is None:
            call = replace(call, args=before.args)
        self.calls[call.seq] = call

    def __len__(self) -> int:
        return len(self.calls) + len(self.streamed) + len(self.sent)


class Overstepped(Exception):
    """A run said too much or something it may not; `outcome` is how that ends it."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.outcome = outcomes.stopped(kind, message)


class Hearing:
    """Listens to one run."""

    def __init__(self, run: Run) -> None:
        self.said = Said()
        self.end: Outcome | None = None  # as the run itself told it
        self._question: Question | None = None
        self._is_unanswered = False
        self._asked = 0
        self._run = run
        self._reader = Reader()
        self._received = 0
        self._streamed = 0
        self._sent = 0
        self._long_texts = 0  # of calls
        self._parts: dict[str, list[str]] = {}
        self._part_characters = 0
        self._actions = {
            "call": self._call,
            "send": self._send,
            "stream": self._stream,
            "ask": self._ask,
            "done": self._done,
            "cancel": self._cancel,
            "fail": self._fail,
        }

    def hear(self, received: bytes) -> None:
        """Take in what arrived; raise Overstepped when that has to end the run."""
        self._received += len(received)
        if self._received > TOTAL_BYTES:
            raise Overstepped("OutputLimit", "output limit: the run sent more than 128 MiB")
        try:
            for message in self._reader.feed(received):
                self._act(kind_of(message), message)
        except BadLine as error:
            raise Overstepped("ProtocolError", f"the run sent its worker {error}") from None
        except BadText as error:
            raise Overstepped("BadOutput", str(error)) from None

    def take(self) -> Said:
        """Return what was said since the last call."""
        said, self.said = self.said, Said()
        return said

    def take_question(self) -> Question | None:
        """Return what the run asks since the last call; it waits until it was answered."""
        question, self._question = self._question, None
        return question

    def answered(self) -> None:
        """Note that the run may ask again."""
        self._is_unanswered = False

    def _act(self, kind: str, message: dict[str, Any]) -> None:
        if self.end is not None:
            return  # after its end a run has nothing to say: a thread that it left behind
        if kind in self._actions:
            self._actions[kind](message)
            return
        part = read_part(message)
        self._part_characters += len(part)
        if self._part_characters > RESULT_BYTES:
            raise Overstepped("OutputLimit", "output limit: a text of more than 32 MiB")
        self._parts.setdefault(kind, []).append(part)

    def _whole(self, kind: str) -> str:
        text = "".join(self._parts.pop(kind, []))
        self._part_characters -= len(text)
        return checked_json(text)

    def _call(self, message: dict[str, Any]) -> None:
        long = {
            name: self._long(f"{name}-part")
            for name in ("args", "value")
            if f"{name}-part" in self._parts
        }
        self.said.note(read_call(message, long))

    def _long(self, kind: str) -> str:
        text = self._whole(kind)
        self._long_texts += 1
        return text if self._long_texts <= LARGE_VALUES else CUT

    def _send(self, message: dict[str, Any]) -> None:
        event_type = read_type(message)
        if event_type.startswith("hot:"):
            raise Overstepped("ProtocolError", "the run sent an event of a reserved type")
        self._sent += 1
        if self._sent > SENT_EVENTS:
            raise Overstepped("OutputLimit", f"output limit: more than {SENT_EVENTS:,} events sent")
        if self._run.depth >= SENT_DEPTH:
            raise Overstepped(
                "DepthLimit", f"depth limit: {SENT_DEPTH} runs have set each other off by events"
            )
        self.said.sent.append((event_type, self._whole("send-part")))

    def _stream(self, message: dict[str, Any]) -> None:
        payload = self._whole("stream-part")
        self._streamed += len(payload.encode()) + PIECE_BYTES
        if self._streamed > STREAM_BYTES:
            raise Overstepped(
                "OutputLimit", f"output limit: more than {STREAM_BYTES // MIB} MiB streamed"
            )
        self.said.streamed.append((read_type(message), payload))

    def _ask(self, message: dict[str, Any]) -> None:
        if self._is_unanswered:
            raise BadLine("a question while another one is unanswered")
        self._asked += 1
        if self._asked > ASKED:
            raise Overstepped("OutputLimit", f"output limit: more than {ASKED:,} questions asked")
        text = self._whole("ask-part") if "ask-part" in self._parts else ""
        self._question = read_question(message, text)
        self._is_unanswered = True

    def _done(self, _message: dict[str, Any]) -> None:
        self.end = outcomes.succeeded(self._whole("result-part"))

    def _cancel(self, message: dict[str, Any]) -> None:
        self.end = outcomes.cancelled(read_reason(message), self._whole("result-part"))

    def _fail(self, message: dict[str, Any]) -> None:
        words, details = read_failure(message)
        self.end = outcomes.failed(words, details)
