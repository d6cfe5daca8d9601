"""A slow line on loopback, in user space: bandwidth, round trip and loss between whoever connects and a server behind.

All connections share the line, packet by packet in turn, each direction for itself. A connection costs a round trip
before its first byte. A lost packet goes again and comes a round trip later; what follows it on its connection waits
for it. A connection that is not read from stops taking room on the line once its window is full.
"""

from __future__ import annotations

import asyncio
import random
import socket
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

_SEGMENT, _HEADERS = 1_360, 40  # bytes of a packet on a mobile line: what it carries, and what TCP and IP add
_WINDOW = 12  # packets of a connection that may be on their way


@dataclass(frozen=True, slots=True)
class Profile:
    """`up` and `down` in bits a second, `round_trip` in seconds, `loss` as a share of packets."""

    name: str
    up: float
    down: float
    round_trip: float
    loss: float


PROFILES = {
    profile.name: profile for profile in (
        Profile("gprs", 20_000, 40_000, 1.0, 0.03),
        Profile("64k", 64_000, 64_000, 0.6, 0.01),
        Profile("2g", 48_000, 96_000, 0.75, 0.02),
        Profile("3g", 384_000, 2_000_000, 0.15, 0.005),
        Profile("good", 10_000_000, 20_000_000, 0.03, 0.0),
    )
}


class _Way:
    """One direction of the line: packets leave one after the other."""

    def __init__(self, bits_a_second: float, profile: Profile, rng: random.Random) -> None:
        self._seconds_a_byte = 8 / bits_a_second
        self._profile = profile
        self._rng = rng
        self._turn = asyncio.Lock()
        self.bytes = 0
        self.packets = 0
        self._free_at = 0.0
        self.on_packet: Callable[[bytes], None] = lambda _data: None  # told of each as it leaves

    async def carry(self, data: bytes) -> float:
        """Put a packet on the line; the moment at which it arrives."""
        loop, count = asyncio.get_running_loop(), len(data)
        late, ready_at = 0.0, loop.time()  # what waited goes when the line is free, not when somebody wakes up
        async with self._turn:
            self.on_packet(data)
            while True:
                self._free_at = max(self._free_at, ready_at) + (count + _HEADERS) * self._seconds_a_byte
                self.bytes += count + _HEADERS
                self.packets += 1
                if self._rng.random() >= self._profile.loss:
                    break
                late += self._profile.round_trip
            await asyncio.sleep(self._free_at - loop.time())
        return self._free_at + self._profile.round_trip / 2 + late


class Line:
    """Put it `before` the ports of servers; what goes through the ports that it gives goes over the line."""

    def __init__(self, profile: Profile, seed: int = 1) -> None:
        self._profile = profile
        self._loop = asyncio.new_event_loop()
        rng = random.Random(seed)
        self.up, self.down = _Way(profile.up, profile, rng), _Way(profile.down, profile, rng)
        self.connections = 0
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def before(self, server_port: int) -> int:
        """Listen on a free port of loopback; the port."""
        return asyncio.run_coroutine_threadsafe(self._listen(server_port), self._loop).result(10)

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._hang_up(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _hang_up(self) -> None:
        """End every connection that is still there."""
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _listen(self, server_port: int) -> int:
        connected = partial(self._connected, server_port)
        listener = await asyncio.start_server(connected, "127.0.0.1", 0, limit=_SEGMENT)
        return int(listener.sockets[0].getsockname()[1])

    async def _connected(
        self, server_port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.connections += 1
        for way in (self.up, self.down):  # the hand-shake's packets
            way.bytes += _HEADERS
        await asyncio.sleep(self._profile.round_trip)
        behind_reader, behind_writer = await asyncio.open_connection("127.0.0.1", server_port, limit=_SEGMENT)
        for one in (writer, behind_writer):
            one.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4_096)
            one.transport.set_write_buffer_limits(high=0)
        await asyncio.gather(
            self._pump(reader, behind_writer, self.up), self._pump(behind_reader, writer, self.down),
            return_exceptions=True,
        )

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: _Way) -> None:
        """Read packets, put each on the line in its turn, hand it over when it has arrived."""
        window = asyncio.Semaphore(_WINDOW)
        flying: deque[asyncio.Task[None]] = deque()
        arrived_before = 0.0
        last: asyncio.Task[None] | None = None
        try:
            while data := await reader.read(_SEGMENT):
                await window.acquire()
                arrives = max(arrived_before, await way.carry(data))
                arrived_before = arrives
                last = asyncio.create_task(self._hand_over(writer, data, arrives, window, last))
                flying.append(last)
                while flying and flying[0].done():
                    flying.popleft()
            await asyncio.gather(*flying)
            await asyncio.sleep(self._profile.round_trip / 2)
        finally:
            writer.close()

    async def _hand_over(
        self, writer: asyncio.StreamWriter, data: bytes, arrives: float, window: asyncio.Semaphore,
        before: asyncio.Task[None] | None,
    ) -> None:
        await asyncio.sleep(max(0.0, arrives - self._loop.time()))
        if before is not None:
            await before
        writer.write(data)
        await writer.drain()
        window.release()
