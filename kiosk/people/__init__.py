"""Operators who serve and citizens who are served."""

from kiosk.people.envelopes import Cost, Envelopes, WeakPin, WrongPin
from kiosk.people.operators import LastSupervisor, Operator

__all__ = ["Cost", "Envelopes", "LastSupervisor", "Operator", "WeakPin", "WrongPin"]
