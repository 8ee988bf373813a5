"""The systems that Kabar fetches data from, one module or package each."""
