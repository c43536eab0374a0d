"""Every read of people, organisations and the record of what they did; always inside given tenants."""

from msf.accounts.queries.people import (
    PAGE,
    Keepers,
    People,
    Person,
    keeper,
    keepers,
    last_swept,
    organisation_named,
    organisations,
    page_of_keepers,
    page_of_people,
    people,
    person,
    person_of,
    tenants,
)

__all__ = [
    "PAGE",
    "Keepers",
    "People",
    "Person",
    "keeper",
    "keepers",
    "last_swept",
    "organisation_named",
    "organisations",
    "page_of_keepers",
    "page_of_people",
    "people",
    "person",
    "person_of",
    "tenants",
]
