"""A visitor at a desk: fetches pages through the real app, checks each as it comes, and sends their forms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.make import PASSWORD

VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
UNLABELLED = frozenset({"hidden", "submit", "button", "image", "reset"})
POINTERS = ("for", "aria-describedby", "aria-labelledby", "aria-controls")
type_of = {"input": "text", "textarea": "textarea", "select": "select", "button": "submit"}


@dataclass
class Element:
    """One element of a page."""

    tag: str
    attrs: dict[str, str]
    parent: "Element | None" = None
    children: list["Element | str"] = field(default_factory=list)

    def all(self, *tags: str) -> list["Element"]:
        """Every element below this one, in reading order; only of `tags` where some are given."""
        found = []
        for child in self.children:
            if isinstance(child, Element):
                found += [child] if not tags or child.tag in tags else []
                found += child.all(*tags)
        return found

    @property
    def text(self) -> str:
        """What it says, with single spaces."""
        return " ".join("".join(self._words()).split())

    def _words(self) -> list[str]:
        if self.tag in {"script", "style", "template"}:
            return []
        return [word for child in self.children for word in ([child] if isinstance(child, str) else child._words())]

    def within(self, tag: str) -> "Element | None":
        """The nearest element of `tag` around this one."""
        here = self.parent
        while here is not None and here.tag != tag:
            here = here.parent
        return here


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("#", {})
        self.here = self.root
        self.problems: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(set(names)) < len(names):
            self.problems.append(f"<{tag}> has an attribute twice: {names}")
        element = Element(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.children.append(element)
        if tag not in VOID:
            self.here = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if tag != self.here.tag or self.here.parent is None:
            line, column = self.getpos()
            self.problems.append(f"</{tag}> at line {line}, column {column} closes <{self.here.tag}>")
            return
        self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        self.here.children.append(data)


@dataclass
class Form:
    """One form of a page, with what it would send if nothing were changed."""

    action: str
    method: str
    text: str
    buttons: list[str]
    fields: dict[str, list[str]]
    names: set[str]


class Page:
    """One HTML page, parsed."""

    def __init__(self, html: str, *, url: str, status: int) -> None:
        self.html, self.url, self.status = html, url, status
        reader = _Reader()
        reader.feed(html)
        reader.close()
        self.root, self._broken = reader.root, reader.problems
        if reader.here is not reader.root:
            self._broken.append(f"<{reader.here.tag}> is never closed")

    def all(self, *tags: str) -> list[Element]:
        """Every element, or those of `tags`, in reading order."""
        return self.root.all(*tags)

    @property
    def text(self) -> str:
        """What the body says, with single spaces."""
        return " ".join(body.text for body in self.all("body"))

    @property
    def title(self) -> str:
        """The words of the title."""
        return " ".join(title.text for title in self.all("title") if title.within("svg") is None)

    @property
    def heading(self) -> str:
        """The words of the main heading."""
        return " ".join(heading.text for heading in self.all("h1"))

    @property
    def links(self) -> dict[str, str]:
        """Where each link leads, by its words."""
        return {link.text: urljoin(self.url, link.attrs["href"]) for link in self.all("a") if "href" in link.attrs}

    @property
    def forms(self) -> list[Form]:
        """The forms, in reading order."""
        return [_form(form, self.url) for form in self.all("form")]

    def form(self, *, button: str | None = None, action: str | None = None) -> Form:
        """The one form that is sent with `button`, or to `action`, or by POST."""
        found = [
            form
            for form in self.forms
            if (button is None or button in form.buttons)
            and (action is None or form.action == action)
            and (button is not None or action is not None or form.method == "post")
        ]
        if len(found) > 1 and button is None and action is None:
            inside = [_form(form, self.url) for form in self.all("form") if form.within("main")]
            found = [form for form in inside if form.method == "post"]
        assert len(found) == 1, f"{len(found)} forms fit on {self.url}: {[(f.action, f.buttons) for f in self.forms]}"
        return found[0]

    def problems(self) -> list[str]:
        """What is wrong with the page, whoever reads it; empty where all is well."""
        return [
            *self._broken,
            *_outline(self),
            *_identity(self),
            *_labels(self),
            *_inline(self),
            *[f"left over: {mark}" for mark in ("{{", "}}", "{%", "%}", "{#") if mark in self.html],
        ]


def _form(form: Element, url: str) -> Form:
    fields: dict[str, list[str]] = {}
    names = set()
    for control in form.all("input", "textarea", "select"):
        name = control.attrs.get("name", "")
        names.add(name)
        for value in _values(control) if name else []:
            fields.setdefault(name, []).append(value)
    buttons = [button.text for button in form.all("button")]
    buttons += [button.attrs.get("value", "") for button in form.all("input") if button.attrs.get("type") == "submit"]
    action = urlsplit(urljoin(url, form.attrs.get("action", ""))).path
    return Form(action, form.attrs.get("method", "get").lower(), form.text, buttons, fields, names - {""})


def _values(control: Element) -> list[str]:
    kind = control.attrs.get("type", type_of[control.tag])
    if kind in {"submit", "file", "button"} or "disabled" in control.attrs:
        return []
    if kind in {"radio", "checkbox"}:
        return [control.attrs.get("value", "on")] if "checked" in control.attrs else []
    if control.tag == "select":
        options = control.all("option")
        chosen = [option for option in options if "selected" in option.attrs] or options[:1]
        return [option.attrs.get("value", option.text) for option in chosen]
    if control.tag == "textarea":
        return ["".join(child for child in control.children if isinstance(child, str)).removeprefix("\n")]
    return [control.attrs.get("value", "")]


def _outline(page: Page) -> list[str]:
    wrong = []
    if not page.title:
        wrong.append("no title")
    if len(page.all("h1")) != 1:
        wrong.append(f"{len(page.all('h1'))} main headings")
    if len(page.all("main")) != 1:
        wrong.append(f"{len(page.all('main'))} main parts")
    if not all(html.attrs.get("lang") for html in page.all("html")) or not page.all("html"):
        wrong.append("no language")
    wrong += [f"image without alt: {image.attrs}" for image in page.all("img") if "alt" not in image.attrs]
    return wrong


def _identity(page: Page) -> list[str]:
    ids = [element.attrs["id"] for element in page.all() if "id" in element.attrs]
    wrong = [f"id used twice: {name}" for name in sorted(set(ids)) if ids.count(name) > 1]
    for element in page.all():
        for pointer in POINTERS:
            missing = set(element.attrs.get(pointer, "").split()) - set(ids)
            wrong += [f"{pointer} of <{element.tag}> points nowhere: {name}" for name in sorted(missing)]
    return wrong


def _labels(page: Page) -> list[str]:
    labelled = {label.attrs.get("for") for label in page.all("label")}
    return [
        f"<{control.tag}> without a label: {control.attrs}"
        for control in page.all("input", "select", "textarea")
        if control.attrs.get("type", type_of[control.tag]) not in UNLABELLED
        and control.attrs.get("id") not in labelled
        and control.within("label") is None
        and not control.attrs.keys() & {"aria-label", "aria-labelledby"}
    ]


def _inline(page: Page) -> list[str]:
    wrong = [f"<{element.tag}> with its text inside the page" for element in page.all("style")]
    wrong += ["<script> with its text inside the page" for script in page.all("script") if "src" not in script.attrs]
    for element in page.all():
        inline = [name for name in element.attrs if name == "style" or name.startswith("on")]
        wrong += [f"<{element.tag}> with an inline {name}" for name in inline]
    return wrong


class Visitor:
    """Somebody with a browser and no script; every page they see is checked."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.here: Page | None = None

    def get(self, url: str, *, status: int = 200) -> Page:
        """Fetch `url`, following where it leads."""
        return self._arrive(self.client.get(url, follow_redirects=True), status)

    def submit(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        button: str | None = None,
        action: str | None = None,
        status: int = 200,
    ) -> Page:
        """Send a form of the page this visitor is on with `data` filled in; a name that it lacks is a mistake."""
        assert self.here is not None, "Fetch a page first."
        form = self.here.form(button=button, action=action)
        unknown = set(data or {}) - form.names
        assert not unknown, f"The form at {self.here.url} has no field {sorted(unknown)}; it has {sorted(form.names)}"
        filled = {**form.fields, **(data or {})}
        if button is not None:
            filled |= self._button(button, form.action)
        if form.method == "get":
            answer = self.client.get(form.action, query_string=filled, follow_redirects=True)
        else:
            answer = self.client.post(form.action, data=filled, follow_redirects=True)
        return self._arrive(answer, status)

    def post(self, url: str, data: Mapping[str, Any] | None = None, *, status: int = 200) -> Page:
        """Send anything anywhere, with the right token against forgery: what a forged form would send."""
        return self._arrive(self.client.post(url, data={**self.token(), **(data or {})}, follow_redirects=True), status)

    def token(self) -> dict[str, Sequence[str]]:
        """The token against forgery of the page this visitor is on."""
        forms = self.here.forms if self.here else []
        return next(({"csrf_token": form.fields["csrf_token"]} for form in forms if "csrf_token" in form.fields), {})

    def sign_in(self, email: str, password: str = PASSWORD) -> Page:
        """Sign in as the person with `email`."""
        self.get("/sign-in")
        return self.submit({"email": email, "password": password})

    def _button(self, words: str, action: str) -> dict[str, str]:
        assert self.here is not None
        pressed = [button for button in self.here.all("button") if button.text == words and button.attrs.get("name")]
        return {button.attrs["name"]: button.attrs.get("value", "") for button in pressed[:1]}

    def _arrive(self, answer: TestResponse, status: int) -> Page:
        url = answer.request.path
        assert answer.status_code == status, f"{url} answered {answer.status}:\n{answer.text[:3000]}"
        assert answer.mimetype == "text/html", f"{url} answered with {answer.mimetype}"
        self.here = Page(answer.text, url=url, status=answer.status_code)
        problems = self.here.problems()
        assert not problems, f"{url}:\n" + "\n".join(problems)
        return self.here
