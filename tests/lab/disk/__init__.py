"""Small readers of what databases leave on the disk: pages, cells, dead bytes and logs, without the database."""
