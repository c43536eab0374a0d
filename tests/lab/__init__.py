"""The unlinkability lab: can anybody who holds copies, logs or a key tell who wrote what?

`driver` runs a round of twenty colleagues through the real app and `snapshots` copies every file and row before and
after each answer and after the close. `oracles` are the attacks: each reads traces of people and traces of answers out
of the copies and puts them in an order. `levels` says what else an attacker holds, `verdict` whether a guess is better
than chance, and `leaky` holds builds that were broken on purpose, which the same attacks must break.

All twenty are of one group. Then the block of an answer, and the group inside a sealed box, say nothing about whose it
is, chance is one in twenty at every level, and what is above it comes from the way things are stored.

Run whole: `python -m tests.lab --runs 50 --engine both --seed 1`.
"""
