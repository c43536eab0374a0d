"""Who reads programmes: staff of a service whose work is about more than one round; pure."""

READERS = frozenset({"coordinator", "adviser", "quality_reviewer", "administrator"})
