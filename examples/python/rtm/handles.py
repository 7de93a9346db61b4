"""Handles, and the counts of references that keep objects alive.

A handle is a number that names a slot and the generation of what is in it, so that the handle of an
object that has been freed is never mistaken for that of another one in the same slot.
"""

from __future__ import annotations

from collections import Counter
from typing import Dict, Iterable, List, Optional, Sequence, Tuple, Type, TypeVar

from .sync import Monitor

NULL_HANDLE = 0
_GENERATION_SHIFT = 32
_SLOT_MASK = (1 << _GENERATION_SHIFT) - 1


class Counted:
    """Something that clients have handles of.

    It lives for as long as it is counted, by clients and by other objects, or `attached`: a client that
    is registered, a destination that has routes, a route or a next hop that is in the table.
    """

    kind = "object"

    def __init__(self) -> None:
        self.handle = NULL_HANDLE
        self.count = 0
        self.attached = True
        self.is_freed = False

    def freed(self) -> Sequence["Counted"]:
        """Nobody needs it any more. Returns what it held references on."""
        return ()


C = TypeVar("C", bound=Counted)


def parts_of(handle: int) -> Tuple[int, int]:
    """The slot and the generation that a handle names."""
    return handle & _SLOT_MASK, handle >> _GENERATION_SHIFT


class HandleTable:
    """All objects of one RTM by their handles, and the only place where references are counted."""

    def __init__(self) -> None:
        self.lock = Monitor("handles")
        self._objects: List[Optional[Counted]] = [None]
        self._generations: List[int] = [0]
        self._unused: List[int] = []

    def add(self, item: Counted) -> None:
        """Gives the object its handle. Nobody has a reference yet, but it is attached."""
        with self.lock:
            if self._unused:
                slot = self._unused.pop()
                self._generations[slot] += 1
                self._objects[slot] = item
            else:
                slot = len(self._objects)
                self._generations.append(1)
                self._objects.append(item)
            item.handle = self._generations[slot] << _GENERATION_SHIFT | slot

    def get(self, handle: Optional[int], kind: Type[C]) -> Optional[C]:
        """The object of that kind behind the handle, or None."""
        with self.lock:
            found = self._find(handle)
        return found if isinstance(found, kind) else None

    def reference(self, items: Iterable[Counted]) -> None:
        """Counts one reference for each, of objects that are known to be alive."""
        with self.lock:
            for item in items:
                self._count(item, +1)

    def reference_handles(self, handles: Iterable[Optional[int]]) -> bool:
        """One reference for each entry, or none at all if one of them is not valid."""
        with self.lock:
            found = [self._find(handle) for handle in handles]
            items = [item for item in found if item is not None]
            if len(items) < len(found):
                return False
            for item in items:
                self._count(item, +1)
            return True

    def release(self, items: Iterable[Counted]) -> None:
        """Takes one reference from each."""
        with self.lock:
            self._release(items)

    def release_handles(self, handles: Iterable[Optional[int]], kind: Type[Counted]) -> bool:
        """One reference from each entry, or from none if one is not of an object that has it to give."""
        with self.lock:
            items = [self._find(handle) for handle in handles]
            known = [item for item in items if isinstance(item, kind)]
            wanted = Counter(map(id, known))
            if len(known) < len(items) or any(item.count < wanted[id(item)] for item in known):
                return False
            self._release(known)
            return True

    def detach(self, item: Counted) -> None:
        """It lives only for as long as there are references on it."""
        with self.lock:
            item.attached = False
            self._free_unused(item)

    def census(self) -> Dict[str, List[int]]:
        """The counts of all live objects by kind; being attached counts as one."""
        counts: Dict[str, List[int]] = {}
        with self.lock:
            for item in self._objects:
                if item is not None:
                    counts.setdefault(item.kind, []).append(item.count + item.attached)
        return counts

    def _find(self, handle: Optional[int]) -> Optional[Counted]:
        if not handle:
            return None
        slot = handle & _SLOT_MASK
        if slot >= len(self._objects) or self._generations[slot] != handle >> _GENERATION_SHIFT:
            return None
        return self._objects[slot]

    def _count(self, item: Counted, change: int) -> None:
        item.count += change

    def _release(self, items: Iterable[Counted]) -> None:
        for item in items:
            self._count(item, -1)
            self._free_unused(item)

    def _free_unused(self, item: Counted) -> None:
        if item.attached or item.count > 0 or item.is_freed:
            return
        slot = item.handle & _SLOT_MASK
        self._objects[slot] = None
        self._unused.append(slot)
        item.is_freed = True
        self._release(item.freed())
