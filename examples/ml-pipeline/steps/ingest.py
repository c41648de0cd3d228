"""Takes the customers out of the CRM."""

QUERY = """SELECT id, tenure_months, monthly_charge, support_calls, churned
FROM customers
ORDER BY id"""


def ingest(connection):
    cursor = connection.execute(QUERY)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row)) for row in cursor]
