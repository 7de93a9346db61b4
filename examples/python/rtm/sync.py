"""Locks that can be watched.

A thread may install a hook. Its `point` is called wherever another thread might come in between, so
that a test can put pauses there. If the hook is `controlled`, points may last for as long as a tester likes,
and so none is made by a thread that holds a lock; and the thread never waits for a condition: it tells the hook
that it is blocked, which returns when there is a reason to look again. Without a hook, which is how everybody but a
tester runs this package, locks are just locks.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from types import TracebackType
from typing import Callable, Iterator, List, Optional, Type


class Hook:
    """What a tester may want to know of a thread."""

    controlled = False

    def point(self, label: str) -> None:
        """The thread is about to do what the label says."""

    def blocked(self, label: str) -> None:
        """The thread cannot go on before another one has done something."""


_local = threading.local()


def install(hook: Optional[Hook]) -> None:
    """From now on the hook watches the current thread; None ends that."""
    _local.hook = hook


def installed() -> Optional[Hook]:
    return getattr(_local, "hook", None)


def point(label: str) -> None:
    hook = installed()
    if hook is not None and not (hook.controlled and _held() > 0):
        hook.point(label)


def _held() -> int:
    """How many monitors the thread holds. One that holds any is not stopped, or it would stop testers too."""
    return int(getattr(_local, "held", 0))


class Monitor:
    """A mutex with one condition, on which its holders wait for whatever others may change."""

    # A thread that waits looks around so often, in seconds, in case nobody is left to wake it.
    PATIENCE = 1.0

    def __init__(self, name: str) -> None:
        self.name = name
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)

    def __enter__(self) -> "Monitor":
        self.acquire()
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        self.release()

    def acquire(self) -> None:
        point("lock " + self.name)
        self._enter()

    def _enter(self) -> None:
        # Never for long, not even where threads are stopped at points: nobody is who holds a monitor.
        self._lock.acquire()
        _local.held = _held() + 1

    def release(self) -> None:
        _local.held = _held() - 1
        self._lock.release()

    @contextmanager
    def left(self) -> Iterator[None]:
        """Gives the mutex up for a while."""
        self.release()
        try:
            yield
        finally:
            self._enter()

    def wait_until(self, holds: Callable[[], bool], label: str) -> None:
        """Gives the mutex up until the condition holds, which it does when this returns."""
        while not holds():
            hook = installed()
            if hook is not None and hook.controlled:
                with self.left():
                    hook.blocked(label)
            else:
                self._changed.wait(self.PATIENCE)
                if hook is not None:
                    hook.point(label)

    def changed(self) -> None:
        """Lets everybody who waits look again."""
        self._changed.notify_all()


class SharedLock:
    """Held by one thread exclusively, or by several to read. Its state is guarded by a monitor."""

    def __init__(self, monitor: Monitor) -> None:
        self._monitor = monitor
        self._writer: Optional[int] = None
        self._readers: List[int] = []

    def is_written_by_me(self) -> bool:
        return self._writer == threading.get_ident()

    def is_free_for_me(self, exclusive: bool = True) -> bool:
        me = threading.get_ident()
        others_read = any(reader != me for reader in self._readers)
        return self._writer in (None, me) and not (exclusive and others_read)

    def take(self, exclusive: bool) -> None:
        """Only when it is free for this thread."""
        if exclusive:
            self._writer = threading.get_ident()
        else:
            self._readers.append(threading.get_ident())

    def give_back(self) -> bool:
        """Undoes one of this thread's locks, the exclusive one first. False: it has none."""
        me = threading.get_ident()
        if self._writer == me:
            self._writer = None
        elif me in self._readers:
            self._readers.remove(me)
        else:
            return False
        self._monitor.changed()
        return True

    def clear(self) -> None:
        self._writer = None
        self._readers.clear()
        self._monitor.changed()
