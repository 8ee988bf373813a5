"""What answers customers: rules, the customer's own orders, the shop's knowledge, and when a person takes over."""
