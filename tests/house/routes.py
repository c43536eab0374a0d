"""Every address of the site with its methods and who may open it: the lines of routes.txt; run it to write them."""

import tempfile
from pathlib import Path

from flask import Flask

from msf.accounts.guard import ANYONE, BARE, SIGNED_IN

STORED = Path(__file__).with_name("routes.txt")
COMMAND = "python -m tests.house.routes"


def lines_of(app: Flask) -> list[str]:
    """One line for each address: methods, address, roles."""
    lines = []
    for rule in app.url_map.iter_rules():
        methods = ",".join(sorted(set(rule.methods or ()) - {"HEAD", "OPTIONS"}))
        lines.append(f"{rule.rule:<50} {methods:<8} {_roles(app, rule.endpoint)}")
    return sorted(lines)


def _roles(app: Flask, endpoint: str) -> str:
    if endpoint in BARE:
        return "anyone"
    roles = app.extensions["doors"].get(endpoint.rpartition(".")[0], frozenset())
    if roles == SIGNED_IN:
        return "signed in"
    return "anyone" if roles == ANYONE else ", ".join(sorted(roles)) or "nobody"


def main() -> None:
    """Write the stored list anew."""
    from msf.app import create_app
    from msf.base.config import settings

    with tempfile.TemporaryDirectory() as home:
        STORED.write_text("\n".join(lines_of(create_app(settings({"MSF_HOME": home})))) + "\n")


if __name__ == "__main__":
    main()
