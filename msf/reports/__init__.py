"""What one round of feedback says: cells frozen at the close, shown as page, PDF and data, moderated and released."""
