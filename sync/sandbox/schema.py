"""What the sandbox portals remember, in SQLAlchemy Core so that SQLite and PostgreSQL serve alike."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, MetaData, String, Table, Text

metadata = MetaData()

effects = Table(  # every effect at any portal, once per key: the portals' books
    "effects", metadata,
    Column("key", String(64), primary_key=True),
    Column("portal", String(20), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("amount_poisha", BigInteger, nullable=False),
    Column("reference", String(64), nullable=False),
    Column("answer", Text, nullable=False),
    Column("device", String(20), nullable=False),
    Column("journal_seq", Integer, nullable=False),  # how far the device's journal was when it asked
)
heads = Table(  # of the devices' journals, as they came with their requests
    "heads", metadata,
    Column("device", String(20), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("head", String(64), nullable=False),
)
events = Table(  # the feeds: a cursor is the last id that was seen
    "events", metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("feed", String(40), nullable=False, index=True),
    Column("body", Text, nullable=False),
)
feeds = Table(  # how many items each has had
    "feeds", metadata,
    Column("name", String(40), primary_key=True),
    Column("had", Integer, nullable=False),
)
bills = Table(
    "bills", metadata,
    Column("bill", String(300), primary_key=True),
    Column("amount_poisha", BigInteger, nullable=False),
    Column("paid", Boolean, nullable=False),
)
billers = Table(  # whose bills are taken
    "billers", metadata,
    Column("id", String(40), primary_key=True),
)
floats = Table(
    "floats", metadata,
    Column("name", String(20), primary_key=True),
    Column("amount_poisha", BigInteger, nullable=False),
)
applications = Table(
    "applications", metadata,
    Column("key", String(64), primary_key=True),
    Column("portal", String(20), nullable=False),
    Column("tracking", String(40), nullable=False, unique=True),
    Column("service_id", String(40), nullable=False),
    Column("applicant", String(200), nullable=False),
    Column("status", String(40), nullable=False),
)
advances = Table(  # fees that were paid before their applications
    "advances", metadata,
    Column("application_key", String(64), primary_key=True),
    Column("portal", String(20), nullable=False),
)
attachments = Table(
    "attachments", metadata,
    Column("key", String(64), primary_key=True),
    Column("body", LargeBinary, nullable=False),
    Column("name", String(200), nullable=False),
    Column("application_key", String(64), nullable=False, index=True),
)
orders = Table(
    "orders", metadata,
    Column("code", String(40), primary_key=True),
    Column("key", String(64), nullable=False, index=True),
    Column("seller", String(200), nullable=False),
    Column("status", String(40), nullable=False),
)
products = Table(
    "products", metadata,
    Column("id", String(40), primary_key=True),
    Column("seller", String(200), nullable=False),
    Column("price_poisha", BigInteger, nullable=False),
    Column("stock", Integer, nullable=False),
)
dues = Table(
    "dues", metadata,
    Column("due_id", String(60), primary_key=True),
    Column("municipality_id", String(40), nullable=False),
    Column("holding_no", String(40), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("fiscal_year", String(20), nullable=False),
    Column("amount_poisha", BigInteger, nullable=False),
    Column("paid", Boolean, nullable=False),
)
holdings = Table(
    "holdings", metadata,
    Column("municipality_id", String(40), primary_key=True),
    Column("holding_no", String(40), primary_key=True),
    Column("owner", String(200), nullable=False),
    Column("village", String(200), nullable=False),
    Column("ward", String(20), nullable=False),
)
