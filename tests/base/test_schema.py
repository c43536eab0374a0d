"""The schema is brought up to date, and back, by migrations alone."""

from msf.base import schema


def test_a_fresh_database_lacks_nothing_after_the_upgrade(empty_database):
    assert schema.pending(empty_database) != []
    schema.upgrade(empty_database)
    assert schema.pending(empty_database) == []


def test_the_databases_of_tests_are_up_to_date(database):
    assert schema.pending(database) == []
