"""The populated site: invented people, three rounds at different stages, and bots that answer through the real door."""
