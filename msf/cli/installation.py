"""What commands that work on a site do first: settings, logging, and a database that is there and up to date."""

import logging

import click
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from msf.app import create_app
from msf.base import config, db, schema


def installed() -> Flask:
    """The app of this installation; two plain sentences and exit status 1 where its database cannot be used."""
    chosen = config.settings()
    logging.basicConfig(level=chosen.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("alembic").setLevel("WARNING")
    app = create_app(chosen)
    try:
        missing = schema.pending(db.current())
    except SQLAlchemyError as error:
        raise click.ClickException(f"The database cannot be reached ({type(error).__name__}).") from error
    if missing:
        raise click.ClickException("The database is not up to date. Run “msf db upgrade” first.")
    return app
