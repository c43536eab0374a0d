"""The pictures of docs/method.md, from small made-up data that msf.scoring works out: the same bytes every time."""
