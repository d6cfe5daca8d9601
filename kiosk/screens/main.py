"""Opens the window on an App and runs it."""

from __future__ import annotations

import sys

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from kiosk.app import App
from kiosk.screens import theme
from kiosk.screens.window import Window

SIZE = (1366, 768)


def run(app: App) -> int:
    """Show the window until it is closed; workers start after the first paint."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    window = opened(application, app)
    window.show()
    QTimer.singleShot(0, app.start)
    return application.exec()


def told_alone(*words: str) -> None:
    """Why the counter does not open, where nobody looks at a terminal: it was started from the desktop."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    if application.platformName() != "offscreen":
        theme.dress(application)
        QMessageBox.critical(None, "UDC Kiosk", "\n\n".join(words))


def opened(application: QApplication, app: App) -> Window:
    """The window, dressed and sized, not yet shown."""
    theme.dress(application)
    window = Window(app)
    window.resize(*SIZE)
    return window
