"""Which issue a customer's message is about and how urgent it is: training, scoring and the registry of models."""

import os

# Torch's threads spin while they wait for each other. On a machine that has other work this took ten times the processor
# time and twenty times as long (2 cores, measured), so they sleep instead. It must be said before torch is first loaded.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
