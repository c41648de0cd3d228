"""Datasets and jobs of the pipeline in the words of OpenLineage."""

import hashlib
import inspect
import json
from pathlib import Path

import attr
from openlineage.client import event_v2 as ol
from openlineage.client.facet_v2 import (
    RunFacet,
    column_lineage_dataset as columns,
    data_quality_metrics_input_dataset as quality,
    dataset_type_dataset,
    dataset_version_dataset,
    documentation_dataset,
    documentation_job,
    execution_parameters_run as parameters_run,
    input_statistics_input_dataset,
    job_type_job,
    lifecycle_state_change_dataset as lifecycle,
    output_statistics_output_dataset,
    ownership_dataset,
    ownership_job,
    schema_dataset,
    source_code_job,
    source_code_location_job,
    sql_job,
    storage_dataset,
)

NAMESPACE = "churn"
LAKE = "file://lake"
CRM = "sqlite://crm"
REPOSITORY = "https://github.com/example/churn"


def to_job(name, description, module=None, release=None, job_type="TASK", query=None):
    facets = {
        "jobType": job_type_job.JobTypeJobFacet(processingType="BATCH", integration="PYTHON", jobType=job_type),
        "documentation": documentation_job.DocumentationJobFacet(description=description),
        "ownership": ownership_job.OwnershipJobFacet(owners=[ownership_job.Owner("team:ml", "MAINTAINER")]),
    }
    if module is not None:
        code = inspect.getsource(module)
        path = f"{module.__name__.replace('.', '/')}.py"
        version = code_version(code)
        facets["sourceCode"] = source_code_job.SourceCodeJobFacet(language="python", sourceCode=code)
        facets["sourceCodeLocation"] = source_code_location_job.SourceCodeLocationJobFacet(
            type="git", url=f"{REPOSITORY}/blob/{release}/{path}", repoUrl=REPOSITORY, path=path, version=version, tag=release
        )
    if query is not None:
        facets["sql"] = sql_job.SQLJobFacet(query=query, dialect="sqlite")
    return ol.Job(namespace=NAMESPACE, name=name, facets=facets)


def code_version(code):
    """The id that git gives to this content. A real pipeline names the commit it was deployed from: `git rev-parse HEAD`."""
    content = code.encode()
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


def to_input(namespace, name, *, fields, version=None, rows=None):
    facets, side_facets = {"schema": to_schema(fields)}, {}
    if version is not None:
        facets["version"] = dataset_version_dataset.DatasetVersionDatasetFacet(datasetVersion=version)
    if rows is not None:
        side_facets["inputStatistics"] = input_statistics_input_dataset.InputStatisticsInputDatasetFacet(rowCount=len(rows))
        side_facets["dataQualityMetrics"] = measure(rows, fields)
    return ol.InputDataset(namespace=namespace, name=name, facets=facets, inputFacets=side_facets)


def to_output(written, *, description, fields, lineage, dataset_type="FILE"):
    change = lifecycle.LifecycleStateChangeDatasetFacet(lifecycleStateChange=lifecycle.LifecycleStateChange.OVERWRITE)
    facets = {
        "schema": to_schema(fields),
        "version": dataset_version_dataset.DatasetVersionDatasetFacet(datasetVersion=written.version),
        "columnLineage": lineage,
        "documentation": documentation_dataset.DocumentationDatasetFacet(description=description),
        "ownership": ownership_dataset.OwnershipDatasetFacet(owners=[ownership_dataset.Owner("team:ml", "MAINTAINER")]),
        "datasetType": dataset_type_dataset.DatasetTypeDatasetFacet(datasetType=dataset_type),
        "storage": storage_dataset.StorageDatasetFacet(storageLayer="file", fileFormat=Path(written.name).suffix[1:]),
        "lifecycleStateChange": change,
    }
    statistics = output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet(
        rowCount=written.row_count, size=written.byte_count, fileCount=1
    )
    return ol.OutputDataset(
        namespace=LAKE, name=written.name, facets=facets, outputFacets={"outputStatistics": statistics}
    )


def to_schema(fields):
    return schema_dataset.SchemaDatasetFacet(
        fields=[schema_dataset.SchemaDatasetFacetFields(name=name, type=kind) for name, kind in fields.items()]
    )


def to_column_lineage(sources):
    """From {column: [(namespace, dataset, field, subtype), …]}."""
    return columns.ColumnLineageDatasetFacet(
        fields={
            column: columns.Fields(
                inputFields=[
                    columns.InputField(namespace, name, field, [columns.Transformation(type="DIRECT", subtype=subtype)])
                    for namespace, name, field, subtype in found
                ]
            )
            for column, found in sources.items()
        }
    )


def measure(rows, fields):
    """What the data looked like that a run read: it stays with the run, so that two trainings can be compared."""
    metrics = {}
    for name in fields:
        values = [row[name] for row in rows]
        known = [float(value) for value in values if value not in (None, "")]
        spread = {"min": min(known), "max": max(known), "sum": round(sum(known), 4)} if known else {}
        metrics[name] = quality.ColumnMetrics(
            nullCount=len(values) - len(known), distinctCount=len(set(values)), quantiles=None, **spread
        )
    return quality.DataQualityMetricsInputDatasetFacet(rowCount=len(rows), columnMetrics=metrics)


def to_parameters(parameters):
    return parameters_run.ExecutionParametersRunFacet(
        parameters=[parameters_run.ExecutionParameter(key=key, value=json.dumps(value)) for key, value in parameters.items()]
    )


@attr.define
class Metric:
    name: str
    value: float


@attr.define
class ChurnModelMetricsRunFacet(RunFacet):
    """OpenLineage has no facet for how good a model is, so this is one of our own. Its key begins with our name: churn_modelMetrics."""

    metrics: list[Metric]

    @staticmethod
    def _get_schema():
        return "https://example.com/schemas/1-0-0/ChurnModelMetricsRunFacet.json"
