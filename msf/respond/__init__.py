"""The door for people who answer: link or code in, sealed answers out; the only slice that sees both halves."""
