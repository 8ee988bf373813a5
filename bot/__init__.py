"""The bot: answers customers from rules, their orders and the shop's knowledge, and hands over to agents."""
