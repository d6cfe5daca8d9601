"""The government's portals as one small real HTTP server, for the demo, the tests and as the contract's reference."""

from sync.sandbox.server import Sandbox

__all__ = ["Sandbox"]
