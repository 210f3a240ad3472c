"""gunicorn's ASGI worker, which tells open streams that it stops."""

from gunicorn.workers.gasgi import ASGIWorker

from hotdash.host import process, stopping

# the arbiter kills after graceful_timeout: a worker that waits as long never closes its pools
_HEAD_START_SECONDS = 1


class Worker(ASGIWorker):  # type: ignore[misc]  # gunicorn is untyped
    """One process that serves pages and streams and leaves within gunicorn's graceful timeout."""

    def init_process(self) -> None:
        """Die with the arbiter, and leave before it loses patience."""
        process.dying_with(self.ppid)()
        self.cfg.set("graceful_timeout", max(1, self.cfg.graceful_timeout - _HEAD_START_SECONDS))
        super().init_process()

    def handle_exit_signal(self) -> None:
        """On SIGTERM: end the live generators, then stop as gunicorn does."""
        stopping.of(self.loop).set()
        super().handle_exit_signal()
