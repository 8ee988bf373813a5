"""Models: the message classifier, the encoder, satisfaction prediction, and the language model's client."""

import os

# Torch's threads spin while they wait. Beside other work on two cores that took ten times the CPU time and twenty times
# as long, so let them sleep. Must be set before torch is loaded.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
