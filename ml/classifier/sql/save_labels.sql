insert into ml.message_labels (
    source,
    message_id,
    issue,
    issue_probability,
    urgency,
    urgency_probability,
    language,
    model_version
)
select *
from
    unnest(
        %(source)s::text[],
        %(message_id)s::text[],
        %(issue)s::text[],
        %(issue_probability)s::real[],
        %(urgency)s::text[],
        %(urgency_probability)s::real[],
        %(language)s::text[],
        %(model_version)s::text[]
    )
on conflict do nothing
