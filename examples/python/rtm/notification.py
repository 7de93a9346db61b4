"""Level `notification`: subscriptions to changes of destinations."""

from __future__ import annotations

from typing import List, Optional

from .constants import (
    CHANGE_TYPES,
    ERROR_INVALID_HANDLE,
    ERROR_INVALID_PARAMETER,
    ERROR_NO_MORE_ITEMS,
    ERROR_NOT_SUPPORTED,
    MAX_HANDLES_IN_ENUM,
    RTM_BEST_PROTOCOL,
    RTM_NOTIFY_ONLY_MARKED_DESTS,
    RTM_VIEW_MASK_ALL,
    SUPPORTED_VIEWS,
)
from .lists import ListFunctions
from .objects import Args, Destination, Entity, Refused, Reply, Subscription


class NotificationFunctions(ListFunctions):
    def RtmRegisterForChangeNotification(self, args: Args) -> Reply:
        flags, views = args["NotifyFlags"], args["TargetViews"]
        with self.entered(args) as caller:
            if views != RTM_VIEW_MASK_ALL and views & ~SUPPORTED_VIEWS:
                raise Refused(ERROR_NOT_SUPPORTED)
            if not flags & CHANGE_TYPES:
                raise Refused(ERROR_INVALID_PARAMETER)
            subscription = Subscription(
                caller,
                views=views & SUPPORTED_VIEWS or SUPPORTED_VIEWS,
                kinds=flags & CHANGE_TYPES,
                marked_only=bool(flags & RTM_NOTIFY_ONLY_MARKED_DESTS),
                context=args.get("NotifyContext"),
            )
            self.handles.add(subscription)
            caller.subscriptions.append(subscription)
            caller.table.subscriptions.append(subscription)
            return Reply(out={"NotifyHandle": subscription.handle})

    def RtmDeregisterFromChangeNotification(self, args: Args) -> Reply:
        with self.entered(args) as caller:
            subscription = self._own(caller, args)
            caller.subscriptions.remove(subscription)
            caller.table.subscriptions.remove(subscription)
            self.handles.detach(subscription)
            return Reply()

    def _own(self, caller: Entity, args: Args) -> Subscription:
        """The subscription that a call is about."""
        subscription = self.resolve(caller, args["NotifyHandle"], Subscription)
        if subscription not in caller.subscriptions:
            raise Refused(ERROR_INVALID_HANDLE)
        return subscription

    def RtmGetChangedDests(self, args: Args) -> Reply:
        room = args["NumDests"]
        with self.entered(args) as caller:
            subscription = self._own(caller, args)
            if room > MAX_HANDLES_IN_ENUM:
                return Reply(ERROR_INVALID_PARAMETER, {"NumDests": 0})
            if not subscription.pending:
                return Reply(ERROR_NO_MORE_ITEMS, {"NumDests": 0, "ChangedDests": []})
            changed = list(subscription.pending)[:room]
            infos = [
                self.describe_destination(caller, dest, subscription.views, RTM_BEST_PROTOCOL) for dest in changed
            ]
            self.settle(subscription, changed)
            return Reply(out={"NumDests": len(infos), "ChangedDests": infos})

    def settle(self, subscription: Subscription, dests: List[Destination]) -> None:
        """Nothing is pending any more for these destinations."""
        for dest in dests:
            if dest in subscription.pending:
                del subscription.pending[dest]
                self.handles.release([dest])
        if not subscription.pending:
            subscription.announced = False

    def RtmReleaseChangedDests(self, args: Args) -> Reply:
        with self.entered(args) as caller:
            self._own(caller, args)
            is_released = self.release_destinations(args["ChangedDests"][: args["NumDests"]])
            return Reply() if is_released else Reply(ERROR_INVALID_HANDLE)

    def RtmIgnoreChangedDests(self, args: Args) -> Reply:
        handles: List[Optional[int]] = args["ChangedDests"][: args["NumDests"]]
        with self.entered(args) as caller:
            subscription = self._own(caller, args)
            self.settle(subscription, [self.resolve(caller, handle, Destination) for handle in handles])
            return Reply()

    def RtmGetChangeStatus(self, args: Args) -> Reply:
        with self.entered(args) as caller:
            subscription = self._own(caller, args)
            dest = self.resolve(caller, args["DestHandle"], Destination)
            return Reply(out={"ChangeStatus": dest in subscription.pending})

    def RtmMarkDestForChangeNotification(self, args: Args) -> Reply:
        is_marked = bool(args["MarkDest"])
        with self.entered(args) as caller:
            subscription = self._own(caller, args)
            dest = self.resolve(caller, args["DestHandle"], Destination)
            if is_marked and dest not in subscription.marks:
                subscription.marks[dest] = None
                self.handles.reference([dest])
            elif not is_marked and dest in subscription.marks:
                del subscription.marks[dest]
                self.handles.release([dest])
            return Reply()

    def RtmIsMarkedForChangeNotification(self, args: Args) -> Reply:
        with self.entered(args) as caller:
            subscription = self._own(caller, args)
            dest = self.resolve(caller, args["DestHandle"], Destination)
            return Reply(out={"DestMarked": dest in subscription.marks})
