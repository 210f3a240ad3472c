"""What the engine tells subscribers, told by a test in its place."""

import json
from uuid import uuid4

from hotdash.localapi.models import Note, Run
from tests.localapi import rows


def becomes(run: Run, status: str, kind: str, **changes: object) -> Note:
    """Change a run and tell its stream, as the engine does."""
    Run.objects.filter(pk=run.pk).update(status=status, **changes)
    return rows.note(f"stream:{run.stream_id}", kind, json.dumps({"run_id": str(run.run_id)}))


def streamed(run: Run, payload: str) -> Note:
    """Tell the stream of a run a piece of output."""
    facts = f'"stream_data_id":"{uuid4()}","run_id":"{run.run_id}","data_type":"progress"'
    return rows.note(f"stream:{run.stream_id}", "stream:data", f'{{{facts},"payload":{payload}}}')
