"""Answers kept as bytes: bounded, made once however many ask at the same time."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable


class ByteCache:
    """The bytes last used, up to a number of bytes in all; the key carries the revision of what they were made from."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._held_bytes = 0
        self._held: OrderedDict[Hashable, bytes] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], bytes]) -> bytes:
        """Give the bytes of a key; those that are absent are made by the first who asks, and the others wait."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                if key in self._held:
                    return self._held[key]
            try:
                made = make()
            finally:
                with self._lock:
                    self._making.pop(key, None)
            self._keep(key, made)
            return made

    def _keep(self, key: Hashable, made: bytes) -> None:
        with self._lock:
            if len(made) > self._limit_bytes:
                return
            self._held[key] = made
            self._held_bytes += len(made)
            while self._held_bytes > self._limit_bytes:
                _, dropped = self._held.popitem(last=False)
                self._held_bytes -= len(dropped)
