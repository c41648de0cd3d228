"""A run of a job, told to OpenLineage: START when it begins, COMPLETE when it ends, FAIL when it breaks."""

import traceback
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timezone

from openlineage.client import event_v2 as ol
from openlineage.client.facet_v2 import error_message_run, nominal_time_run, parent_run
from openlineage.client.uuid import generate_new_uuid

PRODUCER = "https://example.com/churn-pipeline"


@dataclass
class Told:
    """What a step has to tell: its own run and job, and what it fills in while it works."""

    run_id: str
    job: ol.Job
    root: "Told | None" = None
    run_facets: dict = field(default_factory=dict)
    inputs: list = field(default_factory=list)
    outputs: list = field(default_factory=list)


class Lineage:
    def __init__(self, client, now=lambda: datetime.now(timezone.utc), new_run_id=lambda now, job: generate_new_uuid(now)):
        self.client, self.now, self.new_run_id = client, now, new_run_id

    @contextmanager
    def run(self, job, *, day, parent=None, run_facets=None):
        began = self.now()
        told = Told(str(self.new_run_id(began, job.name)), job, root=parent and (parent.root or parent))
        told.run_facets["nominalTime"] = nominal_time_run.NominalTimeRunFacet(nominalStartTime=f"{day}T00:00:00Z")
        if parent is not None:
            told.run_facets["parent"] = to_parent(parent, told.root)
        told.run_facets.update(run_facets or {})
        self._emit(ol.RunState.START, told, began)
        try:
            yield told
        except Exception as error:
            told.run_facets["errorMessage"] = error_message_run.ErrorMessageRunFacet(
                message=str(error), programmingLanguage="python", stackTrace=traceback.format_exc()
            )
            self._emit(ol.RunState.FAIL, told, self.now())
            raise
        self._emit(ol.RunState.COMPLETE, told, self.now())

    def _emit(self, state, told, at):
        self.client.emit(
            ol.RunEvent(
                eventType=state,
                eventTime=at.isoformat(),
                run=ol.Run(runId=told.run_id, facets=dict(told.run_facets)),
                job=told.job,
                inputs=list(told.inputs),
                outputs=list(told.outputs),
                producer=PRODUCER,
            )
        )


def to_parent(parent, root):
    return parent_run.ParentRunFacet(
        run=parent_run.Run(runId=parent.run_id),
        job=parent_run.Job(namespace=parent.job.namespace, name=parent.job.name),
        root=parent_run.Root(
            run=parent_run.RootRun(runId=root.run_id),
            job=parent_run.RootJob(namespace=root.job.namespace, name=root.job.name),
        ),
    )
