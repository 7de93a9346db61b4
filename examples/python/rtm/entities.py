"""Level `core`: registration, lists of clients, information on them, and references."""

from __future__ import annotations

import threading
from typing import Any, Dict, Mapping, Optional

from .base import RtmBase
from .constants import (
    ADDRESS_BITS,
    ERROR_ALREADY_EXISTS,
    ERROR_INSUFFICIENT_BUFFER,
    ERROR_INVALID_HANDLE,
    ERROR_INVALID_PARAMETER,
    MAX_HANDLES_IN_ENUM,
    MAX_NEXT_HOPS_IN_ROUTE,
    RTM_ENTITY_DEREGISTERED,
    RTM_ENTITY_REGISTERED,
    SUPPORTED_VIEWS,
    VIEW_IDS,
)
from .objects import Args, Entity, Event, Refused, Reply
from .table import RoutingTable


class EntityFunctions(RtmBase):
    def RtmRegisterEntity(self, args: Args) -> Reply:
        info = _read_info(args["RtmEntityInfo"])
        callback = args["EventCallback"]
        if info is None:
            return Reply(ERROR_INVALID_PARAMETER)
        table = self.table(info["RtmInstanceId"], info["AddressFamily"])
        try:
            with table.lock:
                entity = self._admit(table, Entity(table, info, callback))
        finally:
            self.deliver(table)
        profile = {
            "MaxNextHopsInRoute": MAX_NEXT_HOPS_IN_ROUTE,
            "MaxHandlesInEnum": MAX_HANDLES_IN_ENUM,
            "ViewsSupported": SUPPORTED_VIEWS,
            "NumberOfViews": len(VIEW_IDS),
        }
        return Reply(out={"RtmRegHandle": entity.handle, "RtmRegProfile": profile})

    def _admit(self, table: RoutingTable, entity: Entity) -> Entity:
        self.check_identity(table, entity)
        self.handles.add(entity)
        self._announce(table, RTM_ENTITY_REGISTERED, entity)
        table.entities.append(entity)
        return entity

    def check_identity(self, table: RoutingTable, entity: Entity) -> None:
        if any(other.identity == entity.identity for other in table.entities):
            raise Refused(ERROR_ALREADY_EXISTS)

    def _announce(self, table: RoutingTable, event_type: int, subject: Entity) -> None:
        """Tells all who are in the table of one who is not."""
        for receiver in table.entities:
            table.post(receiver, Event(event_type, subject, subject.info))

    def RtmDeregisterEntity(self, args: Args) -> Reply:
        with self.entered(args) as caller:
            table = caller.table
            me = threading.get_ident()
            # Inside a callback nobody waits for another one, or two could wait for each other for ever.
            if self.depth > 0 and caller.attendant not in (None, me):
                raise Refused(ERROR_INVALID_HANDLE)
            caller.active = False
            table.entities.remove(caller)
            self._announce(table, RTM_ENTITY_DEREGISTERED, caller)
            # Nobody shall wait for a lock that is never given back.
            for route in caller.routes:
                route.lock.clear()
            self.await_calls(caller)
            self._clean_up(caller)
        return Reply()

    def await_calls(self, caller: Entity) -> None:
        """Waits until no call on behalf of the client and no callback to it is under way."""
        me = threading.get_ident()
        caller.table.lock.wait_until(
            lambda: caller.pending == 0 and caller.attendant in (None, me), "calls under way"
        )

    def _clean_up(self, caller: Entity) -> None:
        """Frees what belongs to the client alone. Routes and next hops that it has left behind stay."""
        for event in caller.mailbox:
            self.handles.release([event.subject])
        caller.mailbox.clear()
        for subscription in caller.subscriptions:
            caller.table.subscriptions.remove(subscription)
            self.handles.detach(subscription)
        caller.subscriptions.clear()
        for enumeration in caller.enumerations:
            self.handles.detach(enumeration)
        caller.enumerations.clear()
        for each in caller.lists:
            each.clear()
            self.handles.detach(each)
        caller.lists.clear()
        self.handles.detach(caller)

    def RtmGetRegisteredEntities(self, args: Args) -> Reply:
        capacity = int(args["NumEntities"])
        wants_handles = args.get("EntityHandles", ()) is not None
        wants_infos = args.get("EntityInfos", ()) is not None
        with self.entered(args) as caller:
            entities = list(caller.table.entities)
            if len(entities) > capacity and (wants_handles or wants_infos):
                return Reply(self.overflow(), {"NumEntities": len(entities)})
            out: Dict[str, Any] = {"NumEntities": len(entities)}
            if wants_handles:
                out["EntityHandles"] = [entity.handle for entity in entities]
                self.handles.reference(entities)
            if wants_infos:
                out["EntityInfos"] = [entity.info for entity in entities]
            return Reply(out=out)

    def overflow(self) -> int:
        return ERROR_INSUFFICIENT_BUFFER

    def RtmReleaseEntities(self, args: Args) -> Reply:
        handles = args["EntityHandles"][: args["NumEntities"]]
        with self.at_work(args):
            is_released = self.handles.release_handles(handles, Entity)
        return Reply() if is_released else Reply(ERROR_INVALID_HANDLE)

    def RtmReferenceHandles(self, args: Args) -> Reply:
        handles = args["RtmHandles"][: args["NumHandles"]]
        with self.at_work(args):
            is_done = self.handles.reference_handles(handles)
        return Reply() if is_done else Reply(ERROR_INVALID_HANDLE)

    def RtmGetEntityInfo(self, args: Args) -> Reply:
        with self.at_work(args) as caller:
            return Reply(out={"EntityInfo": self.resolve(caller, args["EntityHandle"], Entity).info})

    def RtmReleaseEntityInfo(self, args: Args) -> Reply:
        # The structure holds no handles, and nothing was counted for it.
        with self.at_work(args):
            return Reply()


def _read_info(value: Optional[Mapping[str, Any]]) -> Optional[Dict[str, Any]]:
    if value is None or value["AddressFamily"] not in ADDRESS_BITS:
        return None
    identity = value["EntityId"]
    return {
        "RtmInstanceId": int(value["RtmInstanceId"]),
        "AddressFamily": int(value["AddressFamily"]),
        "EntityId": {
            "EntityProtocolId": int(identity["EntityProtocolId"]),
            "EntityInstanceId": int(identity["EntityInstanceId"]),
        },
    }
