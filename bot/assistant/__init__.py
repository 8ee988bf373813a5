"""The bot with a language model: it looks things up with tools and replies with statements that are checked."""
