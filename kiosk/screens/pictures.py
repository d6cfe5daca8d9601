"""Pictures that go with a form's words: decoded within bounds, told in words where they can't be shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImageReader, QMouseEvent, QPixmap
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

import forms
from forms.media import LARGEST
from kiosk.screens.parts import label

File = Callable[[str], bytes | None]  # a file of the form by its name, None where it did not come along
CHOICE = QSize(120, 90)  # px
_SMALL, _LARGE = QSize(360, 200), QSize(800, 520)
_MOST_PIXELS = 24_000_000
_FORMATS = {b"png", b"jpeg", b"webp", b"gif", b"bmp"}


def decoded(body: bytes | None, box: QSize) -> QPixmap | str:
    """A picture no larger than `box`, or why there is none: `missing`, `large` or `broken`."""
    if body is None:
        return "missing"
    if len(body) > LARGEST:
        return "large"
    source = QBuffer()
    source.setData(QByteArray(body))
    source.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(source)
    size = reader.size()
    if bytes(reader.format().data()) not in _FORMATS or not size.isValid():
        return "broken"
    if size.width() * size.height() > _MOST_PIXELS:
        return "large"
    if size.width() > box.width() or size.height() > box.height():
        reader.setScaledSize(size.scaled(box, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1)))
    reader.setAutoTransform(True)
    image = reader.read()
    return "broken" if image.isNull() else QPixmap.fromImage(image)


class Illustration(QWidget):
    """The picture of a label, and lines in words for what is not shown; a touch makes it larger and smaller again."""

    def __init__(self, say: Callable[..., str], file: File) -> None:
        super().__init__()
        self._say, self._file = say, file
        self._files = forms.Media()
        self._is_large = False
        self.picture = label()
        self.told = label(name="muted", wrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.picture)
        layout.addWidget(self.told)

    def show_files(self, files: forms.Media, more: Sequence[str] = ()) -> None:
        """Show these; `more` are lines about other files."""
        self._files = files
        lines = [self._show(), *(self._say(f"ui.label_{kind}", name=name)
                                 for kind, name in (("audio", files.audio), ("video", files.video)) if name), *more]
        self.told.setText("\n".join(filter(None, lines)))
        self.told.setVisible(bool(self.told.text()))
        self.setVisible(bool(files.image or self.told.text()))

    def enlarge(self) -> bool:
        """Larger or small again; whether there is a picture."""
        if not self.picture.isVisible():
            return False
        self._is_large = not self._is_large
        self._show()
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 Qt's name
        if not self.enlarge():
            super().mousePressEvent(event)

    def _show(self) -> str:
        """What is to be said of the picture."""
        large = self._files.big_image if self._is_large and self._files.big_image else self._files.image
        name = self._files.image or self._files.big_image
        found = decoded(self._file(large), _LARGE if self._is_large else _SMALL) if large else ""
        if isinstance(found, str) and large != name:
            found = decoded(self._file(name), _LARGE)  # the larger one did not come along
        seen = isinstance(found, QPixmap)
        self.picture.setVisible(seen)
        if isinstance(found, QPixmap):
            self.picture.setPixmap(found)
            self.picture.setToolTip(self._say("ui.picture_larger"))
            return ""
        return self._say(f"ui.picture_{found}", name=name) if found else ""


class Headed(QWidget):
    """The heading of a section with its picture."""

    def __init__(self, say: Callable[..., str], file: File, files: forms.Media) -> None:
        super().__init__()
        self.title: QLabel = label("", "section", wrap=True)
        self.title.setIndent(0)
        self.illustration = Illustration(say, file)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.title)
        layout.addWidget(self.illustration)
        self.illustration.show_files(files)
