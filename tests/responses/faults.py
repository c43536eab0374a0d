"""What tests of the door send: a filled form and a receipt, as the fault tests have them."""

from tests.faults.children import TIMES, Nursery, a_receipt, environment, form, send

__all__ = ["TIMES", "Nursery", "a_receipt", "environment", "form", "send"]
