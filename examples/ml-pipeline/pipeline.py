"""Trains a model three times and predicts four times; every step is told to OpenLineage. See README.md."""

import math
import tempfile
from dataclasses import dataclass, field

from openlineage.client import OpenLineageClient
from openlineage.client.facet_v2 import set_producer, test_run

import crm
import facets
from facets import CRM, LAKE, to_column_lineage, to_input, to_job, to_output
from lake import Lake
from lineage import PRODUCER, Lineage
from steps import ingest, predict
from steps.release_1 import features as features_1, train as train_1
from steps.release_2 import features as features_2, train as train_2

RAW, FEATURES, MODEL, PREDICTIONS = "raw/customers.csv", "features/customers.csv", "models/churn.json", "predictions/churn.csv"
CUSTOMER_FIELDS = {
    "id": "integer", "tenure_months": "integer", "monthly_charge": "double", "support_calls": "integer", "churned": "integer",
}
MODEL_FIELDS = {"bias": "double", "weights": "map<string, double>"}
ACCURACY_MIN = 0.6


@dataclass
class Release:
    """The code as it was deployed at a time."""

    name: str
    features: object
    train: object


@dataclass
class Round:
    day: str
    release: Release
    customers: int
    ingests: bool = True
    parameters: dict = field(default_factory=dict)  # without any, nothing is trained


RELEASE_1 = Release("release-1", features_1, train_1)
RELEASE_2 = Release("release-2", features_2, train_2)
FIRST_PARAMETERS = {"learning_rate": 0.3, "epochs": 100}
ROUNDS = [
    Round("2026-09-01", RELEASE_1, customers=400, parameters=FIRST_PARAMETERS),  # model 1
    Round("2026-09-15", RELEASE_1, customers=500),  # model 1 predicts for newer data
    Round("2026-10-01", RELEASE_1, customers=800, parameters=FIRST_PARAMETERS),  # model 2: other data
    Round(  # model 3: the data of model 2, other code and parameters
        "2026-10-08", RELEASE_2, customers=800, ingests=False,
        parameters={"learning_rate": 0.3, "epochs": 300, "l2": 0.001},
    ),
]


class Pipeline:
    def __init__(self, lineage, directory):
        self.lineage, self.lake, self.crm, self.written = lineage, Lake(directory), crm.open_crm(), {}

    def run(self, round):
        crm.grow(self.crm, round.customers)
        job = to_job("churn", "Predicts every few weeks which customers will leave.", job_type="PIPELINE")
        with self.lineage.run(job, day=round.day) as pipeline:
            if round.ingests:
                self.ingest(round, pipeline)
            self.make_features(round, pipeline)
            if round.parameters:
                self.train(round, pipeline)
            self.predict(round, pipeline)

    def ingest(self, round, pipeline):
        job = to_job("churn.ingest", "Takes the customers out of the CRM.", ingest, round.release.name, query=ingest.QUERY)
        with self.lineage.run(job, day=round.day, parent=pipeline) as run:
            rows = ingest.ingest(self.crm)
            run.inputs.append(to_input(CRM, "customers", fields=CUSTOMER_FIELDS, rows=rows))
            self.written[RAW] = self.lake.write_rows(RAW, rows)
            sources = {name: [(CRM, "customers", name, "IDENTITY")] for name in CUSTOMER_FIELDS}
            run.outputs.append(
                to_output(
                    self.written[RAW],
                    description="All customers of the CRM. churned is empty while the contract runs.",
                    fields=CUSTOMER_FIELDS,
                    lineage=to_column_lineage(sources),
                )
            )

    def make_features(self, round, pipeline):
        code = round.release.features
        job = to_job("churn.features", "Turns customers into numbers to learn from.", code, round.release.name)
        with self.lineage.run(job, day=round.day, parent=pipeline) as run:
            customers = self.lake.read_rows(RAW)
            run.inputs.append(self.read(RAW, CUSTOMER_FIELDS, customers))
            rows = [{"id": row["id"], **code.make_features(row), "churned": row["churned"]} for row in customers]
            self.written[FEATURES] = self.lake.write_rows(FEATURES, rows)
            made = {name: [(LAKE, RAW, column, "TRANSFORMATION") for column in found] for name, found in code.FEATURES.items()}
            kept = {name: [(LAKE, RAW, name, "IDENTITY")] for name in ("id", "churned")}
            run.outputs.append(
                to_output(
                    self.written[FEATURES],
                    description="A row of features for each customer.",
                    fields=feature_fields(code),
                    lineage=to_column_lineage({**kept, **made}),
                )
            )

    def train(self, round, pipeline):
        job = to_job("churn.train", "Learns who left.", round.release.train, round.release.name, job_type="TRAINING")
        names = list(round.release.features.FEATURES)
        parameters = {"executionParameters": facets.to_parameters(round.parameters)}
        with self.lineage.run(job, day=round.day, parent=pipeline, run_facets=parameters) as run:
            rows = [row for row in self.lake.read_rows(FEATURES) if row["churned"] != ""]
            run.inputs.append(self.read(FEATURES, feature_fields(round.release.features), rows))
            known = [({name: float(row[name]) for name in names}, int(row["churned"])) for row in rows]
            held_out = known[::5]
            model = round.release.train.train([pair for i, pair in enumerate(known) if i % 5], names, round.parameters)
            metrics = evaluate(model, held_out)
            run.run_facets["churn_modelMetrics"] = facets.ChurnModelMetricsRunFacet(
                metrics=[facets.Metric(name, value) for name, value in metrics.items()]
            )
            run.run_facets["test"] = to_quality_gate(metrics["accuracy"])
            self.written[MODEL] = self.lake.write_model(MODEL, model)
            learned = [(LAKE, FEATURES, name, "AGGREGATION") for name in [*names, "churned"]]
            run.outputs.append(
                to_output(
                    self.written[MODEL],
                    description="How much each feature counts.",
                    fields=MODEL_FIELDS,
                    lineage=to_column_lineage({"bias": learned, "weights": learned}),
                    dataset_type="MODEL",
                )
            )

    def predict(self, round, pipeline):
        job = to_job("churn.predict", "Tells for customers under contract how likely they leave.", predict, round.release.name)
        with self.lineage.run(job, day=round.day, parent=pipeline) as run:
            rows = [row for row in self.lake.read_rows(FEATURES) if row["churned"] == ""]
            model = self.lake.read_model(MODEL)
            run.inputs.append(self.read(FEATURES, feature_fields(round.release.features), rows))
            run.inputs.append(self.read(MODEL, MODEL_FIELDS))
            names = list(model["weights"])
            self.written[PREDICTIONS] = self.lake.write_rows(PREDICTIONS, [score(model, names, row) for row in rows])
            used = [(LAKE, FEATURES, name, "TRANSFORMATION") for name in names]
            counted = [(LAKE, MODEL, name, "TRANSFORMATION") for name in MODEL_FIELDS]
            run.outputs.append(
                to_output(
                    self.written[PREDICTIONS],
                    description="How likely each customer leaves.",
                    fields={"id": "integer", "churn_probability": "double"},
                    lineage=to_column_lineage(
                        {"id": [(LAKE, FEATURES, "id", "IDENTITY")], "churn_probability": [*used, *counted]}
                    ),
                )
            )

    def read(self, name, fields, rows=None):
        return to_input(LAKE, name, fields=fields, version=self.written[name].version, rows=rows)


def feature_fields(code):
    return {"id": "integer", **{name: "double" for name in code.FEATURES}, "churned": "integer"}


def score(model, names, row):
    likely = predict.probability(model, {name: float(row[name]) for name in names})
    return {"id": row["id"], "churn_probability": round(likely, 4)}


def evaluate(model, rows):
    likely = [(predict.probability(model, features), label) for features, label in rows]
    right = sum((chance > 0.5) == bool(label) for chance, label in likely)
    loss = -sum(math.log(chance if label else 1 - chance) for chance, label in likely)
    return {"accuracy": round(right / len(rows), 4), "log_loss": round(loss / len(rows), 4)}


def to_quality_gate(accuracy):
    return test_run.TestRunFacet(
        tests=[
            test_run.TestExecution(
                name="accuracy_at_least",
                status="pass" if accuracy >= ACCURACY_MIN else "fail",
                severity="warn",
                expected=str(ACCURACY_MIN),
                actual=str(accuracy),
            )
        ]
    )


def main():
    set_producer(PRODUCER)
    lineage = Lineage(OpenLineageClient())
    with tempfile.TemporaryDirectory() as directory:
        pipeline = Pipeline(lineage, directory)
        for round in ROUNDS:
            pipeline.run(round)
            print(f"{round.day}  {round.release.name}  model {pipeline.lake.model_count}  " + ", ".join(
                f"{name} {written.version}" for name, written in pipeline.written.items()
            ))


if __name__ == "__main__":
    main()
