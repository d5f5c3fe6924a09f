"""When a server on standard input ends before its input does: told by a signal, or left behind by its parent."""

import os
import signal
import sys
from threading import Timer
from typing import NoReturn

import anyio

_ASK_SECONDS = 0.5
_SECONDS_TO_STOP = 10.0
_KILLED = 128
"""What shells add to a signal's number."""

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Ending:
    """Watches for the end, and ends the program when the calls have stopped.

    Attributes:
        status: What the program ends with; None while nothing says that it should end.
    """

    def __init__(self) -> None:
        self.status: int | None = None
        self._parent = os.getppid()

    async def watch(self, scope: anyio.CancelScope) -> None:
        """Cancel a scope when the end has come; where calls do not stop, end all the same after a while."""
        async with anyio.create_task_group() as tasks:
            if sys.platform != "win32":
                tasks.start_soon(self._signalled, tasks.cancel_scope)
            tasks.start_soon(self._left_behind, tasks.cancel_scope)
        timer = Timer(_SECONDS_TO_STOP, self.end)
        timer.daemon = True
        timer.start()
        scope.cancel()

    def end(self) -> NoReturn:
        """End at once: the thread that waits for input cannot be woken, and would be waited for."""
        sys.stderr.flush()
        os._exit(self.status or 0)

    async def _signalled(self, scope: anyio.CancelScope) -> None:
        with anyio.open_signal_receiver(*_SIGNALS) as signals:
            async for told in signals:
                self.status = _KILLED + told
                scope.cancel()

    async def _left_behind(self, scope: anyio.CancelScope) -> None:
        while os.getppid() == self._parent:  # noqa: ASYNC110 - nothing else tells of it
            await anyio.sleep(_ASK_SECONDS)
        self.status = 0
        scope.cancel()
