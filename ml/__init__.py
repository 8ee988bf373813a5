"""Which issue a customer's message is about and how urgent it is: training, scoring and the registry of models."""
