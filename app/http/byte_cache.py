"""A thread-safe cache of bytes, bounded in size."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable


class ByteCache:
    """An LRU cache of bytes. Keys contain the revision of the data, so entries never get stale."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._size_bytes = 0
        self._entries: OrderedDict[Hashable, bytes] = OrderedDict()
        self._locks: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, compute: Callable[[], bytes]) -> bytes:
        """Returns the bytes of a key. On a miss, one caller computes them and the others wait."""
        with self._lock:
            if key in self._entries:
                self._entries.move_to_end(key)
                return self._entries[key]
            key_lock = self._locks.setdefault(key, threading.Lock())
        with key_lock:
            with self._lock:
                if key in self._entries:
                    return self._entries[key]
            try:
                content = compute()
            finally:
                with self._lock:
                    self._locks.pop(key, None)
            self._store(key, content)
            return content

    def _store(self, key: Hashable, content: bytes) -> None:
        with self._lock:
            if len(content) > self._limit_bytes:
                return
            self._entries[key] = content
            self._size_bytes += len(content)
            while self._size_bytes > self._limit_bytes:
                _, oldest = self._entries.popitem(last=False)
                self._size_bytes -= len(oldest)
