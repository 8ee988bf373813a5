"""The systems that Kabar pulls from, one module each."""
