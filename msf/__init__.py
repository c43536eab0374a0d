"""The map of the house: slices stacked in a fixed order, each knowing only the floors below it.

From the street down to the cellar:

- ``cli``, ``demo``, ``app``: commands, the populated site, the table of doors, guards and jobs.
- ``collate``: the same report, or the statistics of a programme, from a file of answers, without a database.
- ``insights``: figures of many rounds with one questionnaire, from sums of quarters that are over.
- ``reports``: one round's results as page, PDF and data; moderation and release.
- ``respond``: the door for people who answer; the only place that sees both who is asked and what is sealed.
- ``invitations`` | ``responses``: who is asked, and what was said. Neither knows the other.
- ``rounds``: whose round, which questionnaires, from when to when, its state and its close.
- ``accounts``: people, organisations, roles and sign-in.
- ``base``: database, queue, mail, audit, keys, web, forms and PDF.
- ``charts`` | ``scoring`` | ``instruments``: pure floors without web, database or clock.
"""
