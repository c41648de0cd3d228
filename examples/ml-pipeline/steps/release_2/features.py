"""Raw customers into numbers of about the same size. New: how often somebody calls, in place of how many times."""

# Each feature with the raw columns that it is made from.
FEATURES = {
    "tenure_years": ["tenure_months"],
    "charge": ["monthly_charge"],
    "calls_per_year": ["support_calls", "tenure_months"],
}


def make_features(customer):
    years = max(int(customer["tenure_months"]), 1) / 12
    return {
        "tenure_years": round(years, 4),
        "charge": round(float(customer["monthly_charge"]) / 100, 4),
        "calls_per_year": round(float(customer["support_calls"]) / years, 4),
    }
