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
values %s
on conflict do nothing
