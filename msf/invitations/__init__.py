"""Who is asked: nomination, approval, invitations and their links; it never learns who answered."""
