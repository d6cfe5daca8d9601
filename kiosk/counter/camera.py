"""A photo by the webcam, through OpenCV where it is installed (the extra `webcam`); loaded only when asked for."""

from __future__ import annotations

import importlib
from types import TracebackType
from typing import Any

from kiosk.counter.records import CounterError

_TRIED = 3  # cameras
_QUALITY = 92


class Camera:
    """The first camera that gives a picture.

    Raises (when entered):
        CounterError: `no_camera_program` without OpenCV, `no_camera` without a camera.
    """

    def __init__(self) -> None:
        self._device: Any = None
        self._cv: Any = None

    def __enter__(self) -> Camera:
        try:
            self._cv = importlib.import_module("cv2")
        except ImportError as error:
            raise CounterError("no_camera_program") from error
        for number in range(_TRIED):
            device = self._cv.VideoCapture(number)
            if device.isOpened() and device.read()[0]:
                self._device = device
                return self
            device.release()
        raise CounterError("no_camera")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def picture(self) -> bytes:
        """What it sees now, as JPEG.

        Raises:
            CounterError: `no_camera`: it was pulled out.
        """
        seen, frame = self._device.read() if self._device is not None else (False, None)
        if not seen:
            raise CounterError("no_camera")
        made, body = self._cv.imencode(".jpg", frame, [self._cv.IMWRITE_JPEG_QUALITY, _QUALITY])
        if not made:
            raise CounterError("no_camera")
        return bytes(body)

    def close(self) -> None:
        if self._device is not None:
            self._device.release()
            self._device = None
