"""Which groups of raters are taken together: in sealed answers, and in the blocks that a report may show."""

from collections.abc import Mapping

from msf.scoring.disclosure.floor import checked_least


def partition(answered: Mapping[str, int], *, least: int = 5, asked: bool = False) -> list[frozenset[str]]:
    """Pool the groups of one family into blocks of at least `least` raters; empty where the family is too small.

    Groups under `least` are pooled; while the pool has people but too few, the smallest shown group joins it (of equals
    the one configured first: the order of the mapping). Blocks stand in the order of their first group. A group nobody
    answered for joins the pool where there is one, so that it looks like one with few; without a pool it is left out.
    Where every group is known to have been asked (`asked`), such a group makes a pool by itself: otherwise the blocks
    would tell whether the only person of a role had answered.

    >>> [sorted(block) for block in partition({"doctor": 8, "nurse": 6, "admin": 2})]
    [['doctor'], ['admin', 'nurse']]
    >>> [sorted(block) for block in partition({"doctor": 8, "nurse": 6, "admin": 0}, asked=True)]
    [['doctor'], ['admin', 'nurse']]
    >>> partition({"doctor": 3, "nurse": 1})
    []
    """
    checked_least(least)
    if any(people < 0 for people in answered.values()):
        raise ValueError("a group cannot have fewer than no respondents")
    if sum(answered.values()) < least:
        return []
    pool = {group for group, people in answered.items() if people < least}
    shown = [group for group in answered if group not in pool]
    fewest = 0 if asked else 1
    while pool and fewest <= sum(answered[group] for group in pool) < least:
        shown.remove(smallest := min(shown, key=answered.__getitem__))
        pool.add(smallest)
    blocks = [frozenset({group}) for group in shown]
    if any(answered[group] for group in pool):
        blocks.append(frozenset(pool))
    order = list(answered)
    return sorted(blocks, key=lambda block: min(map(order.index, block)))


def pools(asked: Mapping[str, int], *, least: int = 5) -> list[frozenset[str]]:
    """Put every group of one family into a pool of at least `least` people who are asked; one pool for fewer in all.

    A sealed answer names its pool and not its group, so that whoever could open it finds it to be one of many
    people's. Groups of which nobody is asked yet belong to the pool of small groups, or, where there is none, to the
    smallest group: whoever is asked later is one of many too.

    >>> [sorted(pool) for pool in pools({"doctor": 8, "nurse": 6, "allied": 2, "admin": 0})]
    [['doctor'], ['admin', 'allied', 'nurse']]
    >>> [sorted(pool) for pool in pools({"doctor": 8, "nurse": 6, "admin": 0})]
    [['doctor'], ['admin', 'nurse']]
    >>> [sorted(pool) for pool in pools({"doctor": 2, "nurse": 1})]
    [['doctor', 'nurse']]
    """
    people = {group: count for group, count in asked.items() if count}
    found = partition(people, least=least) or [frozenset(asked)]
    nobody = frozenset(asked) - frozenset(people)
    home = min(found, key=lambda pool: (len(pool) == 1, sum(asked[group] for group in pool)))
    return [pool | nobody if pool == home else pool for pool in found]
