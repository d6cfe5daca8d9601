"""Sound and film: what a file is by what is inside it, since its name may say anything. Nothing of it is played."""

from __future__ import annotations

import re

_TRACK = re.compile(rb"hdlr.{8}(vide|soun)", re.DOTALL)  # ISO/IEC 14496-12, 8.4.3: what a track holds
_CODEC = re.compile(rb"\x86.([AV])_[A-Z]", re.DOTALL)  # RFC 9559, 5.1.4.1.21: CodecID of a track
_BEGINNING = 65_536  # bytes in which an open container has told its tracks


def recording(body: bytes) -> tuple[str, str] | None:
    """`audio` or `video`, and the usual ending; None for all else, also for what ends before it has told its tracks."""
    head = body[:_BEGINNING]
    if body[4:8] == b"ftyp":
        return _told(set(_TRACK.findall(body)), b"vide", "3gp" if body[8:11] == b"3gp" else "mp4",
                     "3gp" if body[8:11] == b"3gp" else "m4a")
    if body.startswith(b"\x1aE\xdf\xa3"):
        return _told(set(_CODEC.findall(head)), b"V", "webm", "webm")
    if body.startswith(b"OggS"):
        film = b"theora" in head
        sound = any(codec in head for codec in (b"OpusHead", b"\x01vorbis", b"Speex   ", b"\x7fFLAC"))
        return ("video", "ogv") if film else ("audio", "ogg") if sound else None
    if body.startswith(b"RIFF"):
        return {b"WAVE": ("audio", "wav"), b"AVI ": ("video", "avi")}.get(body[8:12])
    for start, ending in ((b"ID3", "mp3"), (b"fLaC", "flac"), (b"#!AMR", "amr")):
        if body.startswith(start):
            return "audio", ending
    return _frames(body[:2])


def _told(tracks: set[bytes], film: bytes, seen: str, heard: str) -> tuple[str, str] | None:
    if not tracks:
        return None
    return ("video", seen) if film in tracks else ("audio", heard)


def _frames(sync: bytes) -> tuple[str, str] | None:
    """Bare frames of MPEG sound: eleven or twelve bits that are all set, then version and layer."""
    if len(sync) < 2 or sync[0] != 0xFF:
        return None
    if sync[1] & 0xF6 == 0xF0:
        return "audio", "aac"
    layer, version = sync[1] >> 1 & 3, sync[1] >> 3 & 3
    return ("audio", "mp3") if sync[1] & 0xE0 == 0xE0 and layer == 1 and version != 1 else None
