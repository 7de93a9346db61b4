"""
A small Routing Table Manager, which the adapter works with until yours takes its place.

It knows registrations, reference counts and entity events: what level `core` asks for, and nothing else.
"""

import threading

NO_ERROR = 0
ERROR_INVALID_HANDLE = 6
ERROR_INVALID_PARAMETER = 87
ERROR_INSUFFICIENT_BUFFER = 122
ERROR_ALREADY_EXISTS = 183

RTM_ENTITY_REGISTERED = 0
RTM_ENTITY_DEREGISTERED = 1


class Entity:
    def __init__(self, handle, info, callback):
        self.handle = handle
        self.info = info
        self.callback = callback
        self.registered = True
        self.references = 0
        # The threads that are inside its callback.
        self.told_by = []


class Rtm:
    """Handles are whole numbers, never used twice. Every method may be called in any thread."""

    def __init__(self):
        # Guards all that is below; no callback is called while it is held.
        self._changed = threading.Condition()
        self._entities = {}
        self._last_handle = 0

    def register(self, info, callback):
        """`callback(self_handle, event_type, subject_handle, subject_info)`, or None."""
        if info is None:
            return ERROR_INVALID_PARAMETER, None
        with self._changed:
            if any(other.info == info for other in self._registered_with(info)):
                return ERROR_ALREADY_EXISTS, None
            self._last_handle += 1
            entity = Entity(self._last_handle, info, callback)
            listeners = self._registered_with(info)
            self._entities[entity.handle] = entity
        self._tell(listeners, RTM_ENTITY_REGISTERED, entity)
        return NO_ERROR, entity.handle

    def deregister(self, handle):
        with self._changed:
            entity = self._registered(handle)
            if entity is None:
                return ERROR_INVALID_HANDLE
            entity.registered = False
            # Whoever is told of it may still ask for it.
            entity.references += 1
            listeners = self._registered_with(entity.info)
        self._tell(listeners, RTM_ENTITY_DEREGISTERED, entity)
        with self._changed:
            me = threading.get_ident()
            self._changed.wait_for(lambda: all(thread == me for thread in entity.told_by))
            self._dereference(entity)
        return NO_ERROR

    def registered_entities(self, handle, capacity, wants_handles):
        """The status, how many there are, and (handle, info) of each."""
        with self._changed:
            caller = self._registered(handle)
            if caller is None:
                return ERROR_INVALID_HANDLE, 0, []
            found = self._registered_with(caller.info)
            if len(found) > capacity:
                return ERROR_INSUFFICIENT_BUFFER, len(found), []
            for entity in found if wants_handles else []:
                entity.references += 1
            return NO_ERROR, len(found), [(entity.handle, entity.info) for entity in found]

    def release_entities(self, handle, handles):
        with self._changed:
            entities = self._known(handle, handles)
            if entities is None:
                return ERROR_INVALID_HANDLE
            if any(entity.references < entities.count(entity) for entity in entities):
                return ERROR_INVALID_HANDLE
            for entity in entities:
                self._dereference(entity)
            return NO_ERROR

    def reference_handles(self, handle, handles):
        with self._changed:
            entities = self._known(handle, handles)
            if entities is None:
                return ERROR_INVALID_HANDLE
            for entity in entities:
                entity.references += 1
            return NO_ERROR

    def entity_info(self, handle, entity_handle):
        with self._changed:
            entities = self._known(handle, [entity_handle])
            if entities is None:
                return ERROR_INVALID_HANDLE, None
            return NO_ERROR, entities[0].info

    def release_entity_info(self, handle):
        with self._changed:
            return ERROR_INVALID_HANDLE if self._registered(handle) is None else NO_ERROR

    def _tell(self, listeners, event_type, subject):
        for listener in listeners:
            if listener.callback is None:
                continue
            with self._changed:
                if not listener.registered:
                    continue
                listener.told_by.append(threading.get_ident())
            try:
                listener.callback(listener.handle, event_type, subject.handle, subject.info)
            finally:
                with self._changed:
                    listener.told_by.remove(threading.get_ident())
                    self._changed.notify_all()

    def _registered(self, handle):
        entity = self._entities.get(handle)
        return entity if entity is not None and entity.registered else None

    def _registered_with(self, info):
        """Those of the same instance and address family."""
        return [
            entity
            for entity in self._entities.values()
            if entity.registered and table(entity.info) == table(info)
        ]

    def _known(self, handle, handles):
        """What `handles` stand for, or None if `handle` or one of them is not valid."""
        caller = self._registered(handle)
        entities = [self._entities.get(each) for each in handles]
        if caller is None or None in entities:
            return None
        if any(table(entity.info) != table(caller.info) for entity in entities):
            return None
        return entities

    def _dereference(self, entity):
        entity.references -= 1
        if entity.references == 0 and not entity.registered:
            del self._entities[entity.handle]


def table(info):
    return info["RtmInstanceId"], info["AddressFamily"]
