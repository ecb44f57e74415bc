"""The ways in: registration, passwords, login, second factor, and what keeps guessers out."""
