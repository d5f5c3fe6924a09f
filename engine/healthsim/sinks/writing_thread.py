"""A thread that writes while rows are drawn: work is done in order, and a failure is kept for who gave it."""

from collections.abc import Callable
from queue import Queue
from threading import Thread

Work = Callable[[], None]


class WritingThread:
    """Does work in order; after a failure it does nothing more, so that nobody waits for it.

    Args:
        name: Its name.
        waiting: How much work may wait; whoever gives more waits.

    Attributes:
        failure: What work failed of, else None.
    """

    def __init__(self, name: str, waiting: int) -> None:
        self._work: Queue[Work | None] = Queue(waiting)
        self._thread = Thread(target=self._do_all, name=name, daemon=True)
        self.failure: BaseException | None = None

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def give(self, work: Work) -> None:
        """Give work to do; waits while there is too much of it."""
        self._work.put(work)

    def stop(self, failure: BaseException) -> None:
        """Let it do nothing more, because of a failure elsewhere."""
        self.failure = self.failure or failure

    def end(self) -> None:
        """Wait until all work is done, or passed over after a failure."""
        self._work.put(None)
        self._thread.join()

    def _do_all(self) -> None:
        while (work := self._work.get()) is not None:
            if self.failure is not None:
                continue
            try:
                work()
            except BaseException as error:  # noqa: BLE001 - kept for the thread that gave it
                self.failure = self.failure or error
