"""Letters about accounts, sent by a thread of their own, so that no page takes longer where there is one to send."""

import logging
from concurrent.futures import ThreadPoolExecutor
from smtplib import SMTPException
from typing import Any

from flask import Flask, url_for
from flask_security import MailUtil
from flask_security.recoverable import generate_reset_password_token

from msf.accounts.models import Account
from msf.accounts.queries import Person
from msf.base.clock import utcnow
from msf.base.config import Settings
from msf.base.errors import Refusal
from msf.base.mail import Letter, address, letter, sender_of

log = logging.getLogger(__name__)

SUBJECTS = {
    "set_password": "Set your password",
    "password_changed": "Your password was changed",
    "new_account": "Your account",
}


class PostRoom(MailUtil):
    """Sends what Flask-Security asks for through our own sender. Links are never stored, so nothing is queued."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app)
        self._settings: Settings = app.config["MSF_SETTINGS"]
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="letters")

    def send_mail(
        self, template: str, subject: str, recipient: Any, sender: Any, body: Any, html: Any, **facts: Any
    ) -> None:
        """Write the letter called `template` and hand it to the thread."""
        link = _address_of(self._settings, facts["reset_token"]) if "reset_token" in facts else ""
        self._post(template, to=str(recipient), name=facts["user"].name, link=link)

    def invite(self, person: Person, token: str) -> None:
        """Tell somebody new about their account, with the link through which they set a password."""
        link = _address_of(self._settings, token)
        self._post("new_account", to=person.email, name=person.name, link=link, organisation=person.organisation_name)

    def normalize(self, email: str) -> str:
        """The address as it is stored; raises ValueError where it is none."""
        try:
            return address(email)
        except Refusal as refusal:
            raise ValueError(refusal.message) from refusal

    validate = normalize

    def _post(self, kind: str, *, to: str, **facts: str) -> None:
        words = {"service_name": self._settings.service_name, "base_url": self._settings.base_url, **facts}
        subject = f"{SUBJECTS[kind]}: {self._settings.service_name}"
        self._thread.submit(_send, self._settings, letter(kind, to=to, subject=subject, **words))


def token_of(account: Account) -> str:
    """What proves that somebody may set the password of `account`: signed, short-lived, good for one use."""
    token: str = generate_reset_password_token(account)  # type: ignore[no-untyped-call]
    return token


def _address_of(settings: Settings, token: str) -> str:
    # Never from the request's host name, which whoever asks for the letter chooses.
    return settings.base_url + url_for("security.reset_password", token=token)


def _send(settings: Settings, ready: Letter) -> None:
    try:
        sender_of(settings.mail).send(ready, sender=settings.mail_from, now=utcnow())
    except (OSError, SMTPException) as error:
        log.error("A letter about an account could not be sent: %s.", type(error).__name__)
