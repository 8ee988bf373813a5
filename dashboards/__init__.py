"""Dashboards as data: definitions, the SQL of their cards, and what runs and draws them."""
