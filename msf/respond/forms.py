"""The forms of the staff desk and their words."""

from typing import Any

from msf.base.forms import DatePartsField, Form, LongTextField, PasswordField
from msf.respond.rules import wrong_with

_NO_STORE = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}


class ExtendForm(Form):
    """A later last day."""

    closes_on = DatePartsField(
        "New last day for answers",
        hint="Answers are taken until 23:59 on this day. For example, 31 3 2027.",
        required="Enter the new last day",
    )


class CancelForm(Form):
    """Why a round ends without a report."""

    reason = LongTextField(
        "Why is the round cancelled?",
        limit=1000,
        hint="The practitioner and the organisation can read this.",
        required="Say why the round is cancelled",
    )


class NewPassphraseForm(Form):
    """A passphrase, typed twice."""

    passphrase = PasswordField(
        "Passphrase",
        hint="At least 5 different words, or at least 20 characters. It is the only lock on the answers, "
        "so a short one could be guessed by a machine. Not the password you sign in with.",
        limit=400,
        attributes=_NO_STORE,
        required="Enter a passphrase",
    )
    again = PasswordField(
        "The same passphrase again",
        hint="Twice, because nobody can look it up for you later.",
        limit=400,
        attributes=_NO_STORE,
        required="Enter the passphrase again",
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Check that it cannot be guessed, and that both are the same."""
        good = bool(super().validate(extra_validators))
        if good and (wrong := wrong_with(self.passphrase.data or "")):
            self.passphrase.errors = [wrong]
        elif good and self.passphrase.data != self.again.data:
            self.again.errors = ["The two passphrases are not the same"]
        return good and not self.errors


class ChangePassphraseForm(NewPassphraseForm):
    """The passphrase as it is, and a new one."""

    now = PasswordField(
        "The passphrase you have now", limit=400, attributes=_NO_STORE, required="Enter the passphrase you have now"
    )


class UnlockForm(Form):
    """The passphrase that opens a holder's key."""

    passphrase = PasswordField(
        "Your passphrase",
        hint="The one you chose for your key, not the password you sign in with.",
        limit=400,
        attributes=_NO_STORE,
        required="Enter your passphrase",
    )
