"""People, organisations, roles and sign-in: who somebody is and which doors are theirs."""
