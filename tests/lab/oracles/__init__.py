"""The attacks: each puts people or answers in an order by one sort of trace, wherever that trace is found."""
