"""What commands that work on a site do first: settings, logging, and a database that is there and up to date."""

import logging
import os
import time
from urllib.parse import urlsplit

import click
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from msf.app import create_app
from msf.base import config, db, schema


def installed() -> Flask:
    """The app of this installation; two plain sentences and exit status 1 where its database cannot be used."""
    os.umask(0o077)
    chosen = config.settings()
    logging.Formatter.converter = time.gmtime
    logging.basicConfig(level=chosen.log_level, format="%(asctime)s UTC %(levelname)s %(name)s %(message)s")
    logging.getLogger("alembic").setLevel("WARNING")
    app = create_app(chosen)
    try:
        missing = schema.pending(db.current())
    except SQLAlchemyError as error:
        raise click.ClickException(f"The database cannot be reached ({type(error).__name__}).") from error
    if missing:
        raise click.ClickException("The database is not up to date. Run “msf db upgrade” first.")
    return app


def refuse_kept_letters() -> None:
    """Refuse to run a site that others can reach while its letters, each with a name and its code, stay in a folder."""
    chosen = config.current()
    if chosen.mail.startswith("folder:") and urlsplit(chosen.base_url).hostname not in (
        "127.0.0.1",
        "localhost",
        "::1",
    ):
        raise click.ClickException(
            "Letters would be kept in a folder, each with a person’s name and code. "
            "Set MSF_MAIL to smtp://host:port first."
        )
