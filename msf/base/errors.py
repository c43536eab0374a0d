"""Refusals: exceptions that state a fact, turned into a page or a line of text in one place."""


class Refusal(Exception):
    """Something a person asked for that cannot be done, with the words that tell them so.

    `status` is the HTTP status of the page, `title` its heading, `message` what is wrong and `remedy` what to do.
    """

    status: int = 409
    title: str = "This cannot be done now"
    message: str = "What you asked for cannot be done now."
    remedy: str = ""

    def __init__(self, message: str | None = None, *, remedy: str | None = None) -> None:
        self.message = message or self.message
        self.remedy = self.remedy if remedy is None else remedy
        super().__init__(self.message)


class NotFound(Refusal):
    """There is no such thing, or it is not yours: the two look alike on purpose."""

    status = 404
    title = "Page not found"
    message = "We could not find this page, or it is not one you can open."
    remedy = "Check the address, or go back to your start page."
