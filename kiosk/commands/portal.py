"""udc-kiosk portal list | login | logout."""

from __future__ import annotations

import argparse

from kiosk.commands.terminal import group, say, secret, unlocked


def add(parser: argparse.ArgumentParser) -> None:
    """Hang the commands under `portal`."""
    command = group(parser)

    command("list", _list, "the portals of settings.json, what each can do, who we are there")
    login = command("login", _login, "say who we are at a portal (a supervisor); the secret is asked for")
    login.add_argument("name")
    login.add_argument("--user", required=True)
    command("logout", _logout, "forget who we are at a portal").add_argument("name")


def _list(given: argparse.Namespace) -> None:
    from kiosk.wiring import adapters  # noqa: PLC0415 requests is slow to import

    with unlocked(given) as (app, _counter):
        known = adapters(app.settings.portals)
        say({"portals": [
            {"name": name, "address": told.address, "adapter": told.adapter, "user": app.home.credentials.of(name)[0],
             "query_by_key": known[name].capabilities.query_by_key, "batch": dict(known[name].capabilities.batch)}
            for name, told in app.settings.portals.items()
        ]})


def _login(given: argparse.Namespace) -> None:
    with unlocked(given) as (app, counter):
        app.sign_in(counter, given.name, given.user, secret("UDC_KIOSK_SECRET", "Secret"))
        say({"portal": given.name, "user": given.user})


def _logout(given: argparse.Namespace) -> None:
    with unlocked(given) as (app, counter):
        app.sign_in(counter, given.name, "", "")
        say({"portal": given.name, "user": ""})
