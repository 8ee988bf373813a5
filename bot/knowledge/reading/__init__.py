"""Reads uploaded files into passages, in a sandboxed child process."""
