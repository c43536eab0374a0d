"""The ground every slice stands on: database, queue, mail, audit, keys, web, forms and PDF; it knows no slice."""
