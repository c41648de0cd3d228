"""How likely a customer leaves."""

import math


def probability(model, features):
    score = model["bias"] + sum(weight * features[name] for name, weight in model["weights"].items())
    return 1 / (1 + math.exp(-score))
