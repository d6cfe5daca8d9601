"""How it looks: fonts, colours, icons. Large, calm, high in contrast; a state is a word, never a colour alone."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication

from resources import path

INK, PAPER, CARD, LINE = "#14231c", "#eef2ef", "#ffffff", "#c3cfc8"
ACCENT, ACCENT_DARK, MUTED = "#0b6b4f", "#084f3a", "#51625a"
FOCUS = "#ffc233"  # around what is dark itself
WARN, WARN_BACK, BAD, BAD_BACK = "#7a4b00", "#fff3d6", "#9b1c1c", "#fde8e8"

_SHEET = f"""
QWidget {{ color: {INK}; font-size: 15px; }}
#shell, QScrollArea, QScrollArea > QWidget > QWidget {{ background: {PAPER}; }}
#header {{ background: {ACCENT_DARK}; }}
#header QLabel {{ color: white; }}
#centre {{ font-size: 19px; font-weight: 700; }}
#header #banner {{ background: {CARD}; color: {INK}; border-radius: 6px; padding: 5px 14px; font-weight: 700; }}
#header #banner[mood="bad"] {{ background: {WARN_BACK}; color: {WARN}; }}
#printer_told {{ background: {BAD_BACK}; color: {BAD}; border: none; border-radius: 6px; padding: 5px 14px;
    min-height: 0; font-size: 15px; font-weight: 700; }}
#foot {{ background: {CARD}; border-top: 1px solid {LINE}; }}
#foot QPushButton {{ border: none; background: transparent; padding: 3px 5px; color: {INK}; font-size: 13px;
    min-height: 38px; }}
#foot QPushButton:hover {{ background: {PAPER}; border-radius: 6px; }}
#told {{ background: {WARN_BACK}; color: {WARN}; border-radius: 6px; padding: 10px 16px; font-weight: 700; }}
#told[mood="bad"] {{ background: {BAD_BACK}; color: {BAD}; }}
#told[mood="good"] {{ background: #dff3e8; color: {ACCENT_DARK}; }}
#sheet {{ background: {CARD}; border: 1px solid {LINE}; border-radius: 10px; }}
#title {{ font-size: 24px; font-weight: 700; }}
#section {{ font-size: 17px; font-weight: 700; color: {ACCENT_DARK}; padding-top: 10px; }}
#plain {{ background: {CARD}; }}
#muted {{ color: {MUTED}; }}
#explain {{ font-weight: 600; }}
#explain[mood="bad"] {{ color: {BAD}; }}
#problem {{ color: {BAD}; font-weight: 600; }}
#problem[mood="soft"] {{ color: {WARN}; }}
#problem[mood="told"] {{ color: {MUTED}; font-weight: 400; }}
#columns {{ font-weight: 600; }}
#few {{ border: 2px solid transparent; border-radius: 9px; }}
#few:focus {{ border-color: {ACCENT}; }}
#few[mood="bad"] {{ border-color: {BAD}; }}
QPushButton#choice {{ padding: 6px 14px; }}
QPushButton#choice:checked {{ background: {ACCENT}; color: white; border-color: {ACCENT}; font-weight: 700; }}
#choice_text {{ font-size: 16px; }}
QPushButton#card {{ padding: 0; }}
QPushButton#card:checked {{ background: #d8ece3; border-color: {ACCENT}; }}
QPushButton#small {{ padding: 6px 10px; min-width: 20px; color: {MUTED}; }}
QPushButton#offer {{ background: #dff3e8; color: {ACCENT_DARK}; border-color: #b5dcc8; text-align: left;
    padding: 8px 14px; font-size: 15px; font-weight: 600; }}
#suggestions {{ border: 2px solid {ACCENT}; border-radius: 7px; font-size: 17px; }}
#suggestions::item {{ padding: 6px 10px; border: none; }}
#huge {{ font-size: 38px; font-weight: 700; }}
#large {{ font-size: 22px; font-weight: 700; }}
QLineEdit, QComboBox {{ background: white; border: 2px solid {LINE}; border-radius: 7px; padding: 7px 11px;
    min-height: 26px; font-size: 17px; selection-background-color: {ACCENT}; }}
QLineEdit:disabled {{ background: {PAPER}; color: {MUTED}; }}
QLineEdit:focus, QComboBox:focus {{ border-color: {ACCENT}; }}
QLineEdit[mood="bad"], QComboBox[mood="bad"] {{ border-color: {BAD}; }}
#search {{ font-size: 21px; padding: 11px 16px; min-height: 34px; }}
QListWidget, QTableWidget {{ background: {CARD}; border: 1px solid {LINE}; border-radius: 10px; outline: none; }}
QListWidget::item {{ border-bottom: 1px solid #e5ebe7; padding: 4px 10px; }}
QListWidget::item:selected, QTableWidget::item:selected {{ background: #d8ece3; color: {INK}; }}
QListWidget:focus, QTableWidget:focus {{ border: 2px solid {ACCENT}; }}
QHeaderView::section {{ background: {PAPER}; border: none; border-bottom: 1px solid {LINE}; padding: 9px;
    font-weight: 700; }}
QPushButton {{ background: {CARD}; border: 2px solid {LINE}; border-radius: 8px; padding: 9px 18px; min-height: 26px;
    font-size: 16px; }}
QPushButton:focus {{ border-color: {ACCENT}; }}
QPushButton#main {{ background: {ACCENT}; color: white; border-color: {ACCENT}; font-weight: 700; font-size: 18px; }}
QPushButton#main:focus {{ background: {ACCENT_DARK}; border-color: {FOCUS}; }}
QPushButton:disabled {{ color: #6b7972; }}
QPushButton#main:disabled {{ background: #dde5e0; border-color: #dde5e0; color: {MUTED}; }}
QTableWidget::item {{ padding: 0 10px; }}
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 2px; }}
QScrollBar::handle:vertical {{ background: {LINE}; border-radius: 4px; min-height: 40px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ background: none; height: 0; }}
QComboBox::drop-down {{ border: none; width: 30px; }}
QCheckBox {{ spacing: 10px; font-size: 16px; }}
QCheckBox::indicator {{ width: 24px; height: 24px; }}
QCheckBox {{ border: 2px solid transparent; border-radius: 7px; padding: 3px 6px; }}
QCheckBox:focus {{ border-color: {ACCENT}; }}
"""


def dress(application: QApplication) -> None:
    """Fonts from the resources, Fusion, our colours; the same on every machine."""
    if application.styleSheet() == _SHEET:
        return
    for name in ("Regular", "Bold"):
        QFontDatabase.addApplicationFont(str(path(f"fonts/NotoSansBengali-{name}.ttf")))
    application.setStyle("Fusion")
    palette = QPalette()
    for role, colour in (
        (QPalette.ColorRole.Window, PAPER), (QPalette.ColorRole.Base, CARD), (QPalette.ColorRole.Text, INK),
        (QPalette.ColorRole.WindowText, INK), (QPalette.ColorRole.ButtonText, INK), (QPalette.ColorRole.Button, CARD),
        (QPalette.ColorRole.Highlight, ACCENT), (QPalette.ColorRole.PlaceholderText, MUTED),
    ):
        palette.setColor(role, QColor(colour))
    application.setPalette(palette)
    application.setFont(QFont("Noto Sans Bengali", 12))
    application.setStyleSheet(_SHEET)


@cache
def icon(name: str, colour: str = ACCENT, size: int = 28) -> QIcon:
    """An icon of ours in one colour."""
    from PySide6.QtSvg import QSvgRenderer  # noqa: PLC0415 after the first paint

    drawing = path(f"icons/{name}.svg").read_text(encoding="utf-8").replace("currentColor", colour)
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(drawing.encode())).render(painter)
    painter.end()
    return QIcon(pixmap)
