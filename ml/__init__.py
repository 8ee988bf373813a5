"""Which issue a customer's message is about and how urgent it is: training, scoring and the registry of models."""

import os

# Torch's threads spin while they wait for each other. Beside other work on two cores that was measured to take ten
# times the processor time and twenty times as long, so they sleep instead. To be said before torch is first loaded.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
