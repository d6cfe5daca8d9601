"""Questions that are answered with a file: from the scanner's folder, from anywhere, from the webcam."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QSize, Qt
from PySide6.QtGui import QIcon, QImageReader, QKeyEvent, QPixmap
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from kiosk import bangla
from kiosk.counter import attach, scans
from kiosk.counter.records import CounterError
from kiosk.screens.inputs import ENTER, Asked, digit_of
from kiosk.screens.lens import Lens
from kiosk.screens.parts import label
from kiosk.words import trouble

_THUMB = QSize(64, 64)


class Filed(Asked):
    """What is answered by the name of a file that is kept; a small picture of it, its size."""

    def _told(self) -> tuple[QLabel, QLabel]:
        self.name_kept = ""
        self.thumb, self.told = label(), label(name="muted", wrap=True)
        return self.thumb, self.told

    def take_bytes(self, name: str, body: bytes) -> None:
        """Keep a file; what is wrong with it is told beside the question, and what was kept before stays."""
        try:
            kept = self.ways.keep(self.asked.ref, name, body)
        except CounterError as error:
            self.wrong(trouble(self.ways.lang, error.reason, **error.facts))
            return
        self.wrong("")
        self.name_kept = ""
        self.set(kept)
        self.left.emit()

    def drop(self) -> None:
        self.set("")
        self.left.emit()

    def value(self) -> str:
        return self.name_kept

    def answer(self) -> str:
        return self.name_kept

    def shown(self, value: str) -> str:
        return value

    def set(self, value: str) -> None:
        if value == self.name_kept and self.told.text():
            return
        self.name_kept = value
        body = self.ways.kept(self.asked.ref) if value else b""
        picture = QPixmap()
        if body and picture.loadFromData(body):
            self.thumb.setPixmap(picture.scaled(_THUMB, Qt.AspectRatioMode.KeepAspectRatio,
                                                Qt.TransformationMode.SmoothTransformation))
        else:
            self.thumb.clear()
        said = self.ways.say("ui.file_kept", name=value, kilobytes=max(1, round(len(body) / 1000))) if body else value
        self.told.setText(f"{said}   {self.ways.say('ui.file_drop')}" if value else self._nothing())

    def _nothing(self) -> str:
        """What stands there when nothing is kept."""
        return ""


class Attachment(Filed):
    """A file: 1 the scanner's newest, 2 a file, 3 the camera; Delete drops it. What is kept is answered by its name."""

    def _edit(self) -> QWidget:
        self._found: list[scans.Scan] = []
        made = QWidget()
        made.setObjectName("few")
        made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        made.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        thumb, told = self._told()
        self.list = _scan_list(self._pick)
        self.lens = Lens(self.ways.say("ui.camera_keys"))
        self.lens.taken.connect(lambda body: self.take_bytes("photo.jpg", body))
        self.lens.trouble.connect(lambda word: self.wrong(self.ways.say(f"error.{word}")))
        self._watch = QFileSystemWatcher(made)
        self._watch.directoryChanged.connect(lambda _folder: self._show_scans())
        line = QHBoxLayout()
        for place, (word, act) in enumerate(self._ways_in(), start=1):
            line.addWidget(self._button(f"{self.ways.digits(str(place))}  {self.ways.say(word)}", act))
        line.addWidget(thumb)
        line.addWidget(told, 1)
        layout = QVBoxLayout(made)
        layout.setContentsMargins(3, 3, 3, 3)
        layout.addLayout(line)
        layout.addWidget(self.list)
        layout.addWidget(self.lens)
        return made

    def _is_recorded(self) -> bool:
        """Whether sound or film is asked for: recorded elsewhere, and brought here as a file."""
        return self.asked.media.startswith(("audio", "video"))

    def _ways_in(self) -> tuple[tuple[str, Callable[[], object]], ...]:
        if self._is_recorded():
            return ("ui.from_folder", self.scanner), ("ui.from_file", self._choose)
        return ("ui.from_scanner", self.scanner), ("ui.from_file", self._choose), ("ui.from_camera", self.camera)

    def _nothing(self) -> str:
        return self.ways.say("ui.recording_most", most=attach.RECORDING // 1000) if self._is_recorded() else ""

    def _button(self, text: str, act: Callable[[], object]) -> QPushButton:
        made = QPushButton(text)
        made.setObjectName("choice")
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.clicked.connect(lambda _on=False: act())
        return made

    def scanner(self) -> None:
        """Show what the scanner saved last; what it saves from now on comes up by itself."""
        self.lens.shut()
        if self.ways.scans is None:
            self.wrong(self.ways.say("ui.no_scan_folder"), soft=True)
            return
        self._watch.addPath(str(self.ways.scans))
        self.list.show()
        self._show_scans()
        self.input.setFocus()

    def _show_scans(self) -> None:
        if self.ways.scans is None or self.list.isHidden():
            return
        self._found = scans.newest(self.ways.scans, media=self.asked.media)
        self.list.clear()
        for place, scan in enumerate(self._found, start=1):
            at = bangla.time_bn(scan.at, self.ways.lang)
            day = bangla.date_bn(scan.at, self.ways.lang)
            text = f"{self.ways.digits(str(place))}  {scan.path.name}   ·   {at}, {day}"
            self.list.addItem(QListWidgetItem(_thumbnail(scan.path), text))
        self.list.setCurrentRow(0)
        self.list.setFixedHeight(min(4, max(1, len(self._found))) * 58 + 8)
        word = "ui.no_recordings" if self._is_recorded() else "ui.no_scans"
        nothing = self.ways.say(word, folder=self.ways.scans.name)
        self.wrong("" if self._found else nothing, soft=True)

    def _pick(self) -> None:
        if 0 <= self.list.currentRow() < len(self._found):
            self.take(str(self._found[self.list.currentRow()].path))

    def _choose(self) -> None:
        wanted = " ".join(f"*{ending}" for ending in sorted(scans.endings(self.asked.media)))
        name, _kind = QFileDialog.getOpenFileName(self, self.asked.label, "", wanted)
        if name:
            self.take(name)

    def camera(self) -> None:
        """See through the webcam; without one that is said, and what to do instead."""
        self.list.hide()
        self.wrong("")
        self.input.setFocus()
        self.lens.open()

    def take(self, path: str) -> None:
        """Keep the file at `path`; what is wrong with it is told beside the question."""
        try:
            with Path(path).open("rb") as file:
                body = file.read(attach.LARGEST + 1)
        except OSError as error:
            self.wrong(self.ways.say("error.cannot_read", detail=str(error.strerror)))
            return
        self.take_bytes(Path(path).name, body)

    def take_bytes(self, name: str, body: bytes) -> None:
        self._close()
        super().take_bytes(name, body)

    def _close(self) -> None:
        self.list.hide()
        self.lens.shut()
        for watched in self._watch.directories():
            self._watch.removePath(watched)

    def settle(self) -> None:
        """The cursor goes: the camera is let go."""
        self._close()

    def _key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape and (self.list.isVisible() or self.lens.is_open()):
            self._close()
            return True
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.name_kept:
            self.drop()
            return True
        digit = digit_of(event)
        if self.list.isVisible():
            return self._key_in_list(event.key(), digit)
        if 0 < digit <= len(self._ways_in()):
            self._ways_in()[digit - 1][1]()
            return True
        return False

    def _key_in_list(self, key: int, digit: int) -> bool:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(key))
        if step is not None and self._found:
            self.list.setCurrentRow((self.list.currentRow() + step) % len(self._found))
            return True
        if 0 < digit <= len(self._found):
            self.list.setCurrentRow(digit - 1)
            self._pick()
            return True
        return False

    def _pressed(self, event: QKeyEvent) -> bool:
        """Enter takes what is marked, or what the camera sees, before it goes on."""
        enters = event.key() in ENTER and not event.modifiers()
        if enters and self.lens.is_open():
            self.lens.take()
            return True
        if enters and self.list.isVisible() and self._found:
            self._pick()
            return True
        return super()._pressed(event)


def _scan_list(picked: Callable[[], object]) -> QListWidget:
    made = QListWidget()
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    made.setIconSize(QSize(48, 48))
    made.itemClicked.connect(lambda _item: picked())
    made.hide()
    return made


def _thumbnail(path: Path) -> QIcon:
    """A small picture of a file, read no larger than it is shown."""
    reader = QImageReader(str(path))
    size = reader.size()
    if size.isValid():
        reader.setScaledSize(size.scaled(QSize(96, 96), Qt.AspectRatioMode.KeepAspectRatio))
    return QIcon(QPixmap.fromImage(reader.read()))
