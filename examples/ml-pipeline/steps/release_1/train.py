"""Logistic regression by gradient descent."""

from steps.predict import probability


def train(rows, names, parameters):
    """Rows are pairs of features and label (0 or 1)."""
    model = {"bias": 0.0, "weights": {name: 0.0 for name in names}}
    rate = parameters["learning_rate"]
    for _ in range(parameters["epochs"]):
        errors = [probability(model, features) - label for features, label in rows]
        model["bias"] -= rate * sum(errors) / len(rows)
        for name in names:
            slope = sum(error * features[name] for error, (features, _) in zip(errors, rows)) / len(rows)
            model["weights"][name] -= rate * slope
    return model
