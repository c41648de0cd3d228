"""The world that the pipeline looks at: a CRM in SQLite, whose customers become more and more. Always the same ones."""

import math
import random
import sqlite3


def open_crm():
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE TABLE customers (id INTEGER PRIMARY KEY, tenure_months INTEGER, monthly_charge REAL, support_calls INTEGER, churned INTEGER)"
    )
    return connection


def grow(connection, customers):
    """Adds customers until there are so many. Every fourth is still under contract: whether they leave is not known yet."""
    (present,) = connection.execute("SELECT count(*) FROM customers").fetchone()
    for number in range(present + 1, customers + 1):
        connection.execute("INSERT INTO customers VALUES (?, ?, ?, ?, ?)", invent(number))


def invent(number):
    chance = random.Random(number)
    tenure = chance.randint(1, 72)
    charge = round(chance.uniform(20, 120), 2)
    calls = chance.randint(0, 2 + tenure // 8)
    urge = -2.5 + 2 * charge / 100 + 1.5 * calls / max(tenure / 12, 0.5) - 0.25 * tenure / 12
    left = chance.random() < 1 / (1 + math.exp(-urge))
    return number, tenure, charge, calls, None if number % 4 == 0 else int(left)
