"""Insights: short texts on what changed, worded by a template, or by a language model whose text is checked."""
