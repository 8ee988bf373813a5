"""Whole conversations with the bot, over three made-up shops, and how many of its turns are right."""
