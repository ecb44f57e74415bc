"""What a login gives: sessions, access and refresh tokens, and the keys that sign them."""
