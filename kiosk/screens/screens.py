"""The screens by name, for the window to open."""

from __future__ import annotations

from kiosk.screens.application import ApplicationScreen
from kiosk.screens.beside import BesideScreen
from kiosk.screens.bill import BillScreen
from kiosk.screens.carry import CarryScreen
from kiosk.screens.cashbook import CashbookScreen
from kiosk.screens.centre import CentreScreen
from kiosk.screens.citizen import CitizenScreen
from kiosk.screens.closing import ClosingScreen
from kiosk.screens.desk import Screen
from kiosk.screens.dues import DuesScreen
from kiosk.screens.look import LookScreen
from kiosk.screens.office import OfficeScreen
from kiosk.screens.operators import OperatorsScreen
from kiosk.screens.order import OrderScreen
from kiosk.screens.payment import PaymentScreen
from kiosk.screens.printer import PrinterScreen
from kiosk.screens.printing import PrintingScreen
from kiosk.screens.receipt import ReceiptScreen
from kiosk.screens.serve import ServeScreen
from kiosk.screens.waiting import WaitingScreen

_ALL: tuple[type[Screen], ...] = (
    ApplicationScreen, BesideScreen, BillScreen, CarryScreen, CashbookScreen, CentreScreen, CitizenScreen,
    ClosingScreen, DuesScreen, LookScreen, OfficeScreen, OperatorsScreen, OrderScreen, PaymentScreen, PrinterScreen,
    PrintingScreen, ReceiptScreen, ServeScreen, WaitingScreen,
)
SCREENS = {screen.name: screen for screen in _ALL}
