"""Commands about organisations and accounts: what an operator needs before anybody can sign in."""

import click

from msf.accounts import operations
from msf.accounts.queries import organisation_named
from msf.accounts.rules import ROLES
from msf.base.audit import OPERATOR
from msf.base.clock import utcnow
from msf.base.db import transaction
from msf.cli.installation import installed


@click.group()
def account() -> None:
    """Organisations and people who sign in."""
    installed()


@account.command("organisation")
@click.argument("name")
@click.option("--kind", type=click.Choice(["service", "employer"]), required=True)
@click.option("--served-by", help="For an employer: the name of the service that runs its rounds.")
@click.option("--zone", default="Europe/London", show_default=True, help="Time zone its people live by.")
def add_organisation(name: str, kind: str, served_by: str | None, zone: str) -> None:
    """Add the organisation NAME."""
    with transaction() as session:
        service = organisation_named(session, served_by).id if served_by else None
        facts = {"name": name, "kind": kind, "zone": zone}
        operations.add_organisation(session, **facts, served_by=service, by=OPERATOR, now=utcnow())
    click.echo(f"{name} is added.")


@account.command("add")
@click.argument("email")
@click.option("--name", required=True)
@click.option("--organisation", required=True, help="The organisation's name.")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(list(ROLES)))
@click.option("--profession", type=click.Choice(["doctor", "dentist", "pharmacist"]))
@click.password_option(help="Asked for where it is not given.")
def add_account(
    email: str, name: str, organisation: str, roles: tuple[str, ...], profession: str | None, password: str
) -> None:
    """Add somebody who signs in with EMAIL."""
    with transaction() as session:
        operations.add_account(
            session,
            organisation_id=organisation_named(session, organisation).id,
            name=name,
            email=email,
            roles=roles,
            password=password,
            profession=profession,
            by=OPERATOR,
            now=utcnow(),
        )
    click.echo(f"{name} can sign in with {email}.")
