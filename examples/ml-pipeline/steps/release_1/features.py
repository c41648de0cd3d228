"""Raw customers into numbers of about the same size."""

# Each feature with the raw columns that it is made from.
FEATURES = {
    "tenure_years": ["tenure_months"],
    "charge": ["monthly_charge"],
    "support_calls": ["support_calls"],
}


def make_features(customer):
    return {
        "tenure_years": round(int(customer["tenure_months"]) / 12, 4),
        "charge": round(float(customer["monthly_charge"]) / 100, 4),
        "support_calls": float(customer["support_calls"]),
    }
