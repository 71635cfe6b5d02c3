"""Reading ahead: the next batches are read in a thread while the last one is converted.

Arrow and the operating system do their work without Python's lock, so that reading and converting share two
processors. At most a few batches wait, so memory does not grow with the file.
"""

import queue
import threading
from collections.abc import Generator, Iterator
from contextlib import closing
from typing import Generic, TypeVar

Item = TypeVar("Item")


class _End:
    """The last thing to come: after it nothing follows. ``error`` is what stopped the reading, if anything did."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


class _Queue(Generic[Item]):
    """What has been read and not yet asked for."""

    def __init__(self, depth: int) -> None:
        self._waiting: queue.Queue[Item | _End] = queue.Queue(depth)
        self.stopped = threading.Event()

    def get(self) -> Item | _End:
        return self._waiting.get()

    def put(self, item: Item | _End) -> None:
        """Wait for room, but not for one who has left."""
        while not self.stopped.is_set():
            try:
                self._waiting.put(item, timeout=0.1)
            except queue.Full:
                continue
            return

    def fill(self, items: Generator[Item, None, None]) -> None:
        """Read until the end, an error, or until nobody wants more."""
        try:
            with closing(items):
                for item in items:
                    self.put(item)
                    if self.stopped.is_set():
                        return
        except BaseException as error:  # whatever it is, it belongs to the one who asked for the items
            self.put(_End(error))
        else:
            self.put(_End())


def ahead(items: Generator[Item, None, None], depth: int = 3) -> Iterator[Item]:
    """The same items, made in a thread up to ``depth`` before they are asked for.

    An error among the items is raised where the item would have come. Leaving early stops the thread.
    """
    waiting: _Queue[Item] = _Queue(depth)
    thread = threading.Thread(target=waiting.fill, args=(items,), name="palermo-read-ahead", daemon=True)
    try:
        thread.start()  # in here, as Ctrl-C while it starts would else leave it running when the process ends
        while not isinstance(item := waiting.get(), _End):
            yield item
        if item.error is not None:
            raise item.error
    finally:
        waiting.stopped.set()
        if thread.ident is not None:
            thread.join()
