"""What counting needs of the application: the spool of this process, the salts it knows, the store, the gate."""

from typing import TYPE_CHECKING

from flask import Flask, current_app

from campaigns.engagement import staff
from campaigns.engagement.clients import Choices, Clients
from campaigns.engagement.gate import Gate
from campaigns.engagement.ranges import read_ranges
from campaigns.engagement.spool import Spool
from campaigns.engagement.store import Store
from campaigns.engagement.visitors import Salts
from cms.core.config import Config
from cms.transfer.backup.beside import Beside

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def install(app: Flask, config: Config) -> None:
    """The store, and the mark of browsers at the desk. Nothing is opened before it is used."""
    url = f"sqlite:///{config.data / 'analytics.db'}" if config.is_sqlite else config.database_url
    app.extensions["parley_store"] = Store(url)
    staff.install(app)


def beside(config: Config) -> Beside:
    """For backups: where what was counted is."""
    return Beside(
        file=config.data / "analytics.db" if config.is_sqlite else None, prepare=lambda: store().engine
    )


def gate_around(inner: "WSGIApplication", config: Config) -> Gate:
    """The layer that takes what pages say."""
    choices = Choices(
        config.hosts,
        config.do_not_track,
        f"HTTP_{config.country_header.upper().replace('-', '_')}" if config.country_header else "",
        read_ranges(config.machine_ranges),
    )
    return Gate(
        inner, spool=Spool(config.data / "spool"), clients=Clients(Salts(config.visitor_window), choices)
    )


def store() -> Store:
    """The store of the running application."""
    found: Store = current_app.extensions["parley_store"]
    return found
