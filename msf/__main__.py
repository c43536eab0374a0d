"""`python -m msf` is `msf`."""

from msf.cli import main

main()
