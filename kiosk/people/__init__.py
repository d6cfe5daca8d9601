"""Operators who serve and citizens who are served."""

from kiosk.people.operators import Operator, WeakPin, WrongPin, create_first, operators, unlock

__all__ = ["Operator", "WeakPin", "WrongPin", "create_first", "operators", "unlock"]
