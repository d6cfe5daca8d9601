"""Choices as they are seen: with their number, marked text and picture; a button, a box to tick, a line of a list."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPalette, QPixmap, QTextDocument
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from kiosk.marked import is_marked, plain, rich
from kiosk.screens.parts import label

MARKED = Qt.ItemDataRole.UserRole  # of a line in a list: its rich text, where it has marks
_INDICATOR = 34  # px: the box and the room beside it


class ChoiceButton(QPushButton):
    """A choice to press; what has marks or a picture is shown by labels in it, and so is every `card` of a set."""

    def __init__(self, number: str, text: str, picture: QPixmap | None = None, *, card: bool = False) -> None:
        super().__init__()
        self.setObjectName("card" if card or is_marked(text) else "choice")
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(plain(text))
        if self.objectName() == "choice":
            self.setText(f"{number}{plain(text)}")
            return
        shown = _numbered(number, text)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        words = _words(shown, wrap=card)
        if picture is not None:
            layout.addWidget(_seen(picture), 0, Qt.AlignmentFlag.AlignHCenter)
        if card:
            words.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.MinimumExpanding)
        layout.addWidget(words, 1)
        self.toggled.connect(lambda on: words.setText(f"✓&nbsp;{shown}" if on else shown))

    def sizeHint(self) -> QSize:  # noqa: N802 Qt's name
        inside = self.layout()
        return super().sizeHint() if inside is None else inside.sizeHint()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 Qt's name
        inside = self.layout()
        return super().minimumSizeHint() if inside is None else inside.minimumSize()


class ChoiceBox(QCheckBox):
    """A choice to tick, anywhere on it."""

    def __init__(self, number: str, text: str, picture: QPixmap | None = None) -> None:
        super().__init__()
        self.setAccessibleName(plain(text))
        if picture is None and not is_marked(text):
            self.setText(f"{number}{plain(text)}")
            return
        layout = QHBoxLayout(self)
        layout.setContentsMargins(_INDICATOR, 2, 4, 2)
        layout.setSpacing(10)
        if picture is not None:
            layout.addWidget(_seen(picture))
        layout.addWidget(_words(_numbered(number, text), wrap=True), 1)

    def hitButton(self, pos: QPoint) -> bool:  # noqa: N802 Qt's name
        return self.rect().contains(pos)

    def sizeHint(self) -> QSize:  # noqa: N802 Qt's name
        inside = self.layout()
        return super().sizeHint() if inside is None else inside.sizeHint()


def _numbered(number: str, text: str) -> str:
    return number.replace(" ", "&nbsp;") + rich(text)


def _words(text: str, *, wrap: bool) -> QLabel:
    made = label(text, "choice_text", wrap=wrap)
    made.setTextFormat(Qt.TextFormat.RichText)
    made.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return made


def _seen(picture: QPixmap) -> QLabel:
    made = label()
    made.setPixmap(picture)
    made.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return made


class MarkedLines(QStyledItemDelegate):
    """Draws the lines of a list that have marks as rich text, all others as Qt does."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        text = index.data(MARKED)
        if not text:
            super().paint(painter, option, index)
            return
        self.initStyleOption(option, index)
        shown = _document(text, option)
        option.text = ""
        widget: QWidget | None = option.widget
        style = widget.style() if widget is not None else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, widget)
        room = style.subElementRect(QStyle.SubElement.SE_ItemViewItemText, option, widget)
        if option.icon.isNull():
            room = option.rect.adjusted(10, 0, -10, 0)
        painter.save()
        painter.translate(room.left(), room.top() + max(0.0, (room.height() - shown.size().height()) / 2))
        shown.drawContents(painter, QRectF(0, 0, room.width(), room.height()))
        painter.restore()


def _document(text: str, option: QStyleOptionViewItem) -> QTextDocument:
    made = QTextDocument()
    made.setDocumentMargin(0)
    made.setDefaultFont(option.font)
    made.setDefaultStyleSheet(f"body {{ color: {option.palette.color(QPalette.ColorRole.Text).name()} }}")
    made.setHtml(f"<body>{text}</body>")
    return made


