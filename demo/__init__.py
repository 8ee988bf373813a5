"""The made-up shop: its conversations, the stand-in of Twilio, and the program that shows the whole way."""
