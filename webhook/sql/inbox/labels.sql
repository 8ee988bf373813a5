-- A person's label counts before the model's.
select
    message_labels.message_id,
    coalesce(current_labels.issue, message_labels.issue) as issue,
    coalesce(current_labels.urgency, message_labels.urgency) as urgency,
    users.name as corrected_by
from ml.message_labels
left join ml.current_labels
    on
        message_labels.source = current_labels.source
        and message_labels.message_id = current_labels.message_id
left join app.users on current_labels.labelled_by = users.user_id
where message_labels.message_id = any(%(message_ids)s)

union all

select
    current_labels.message_id,
    current_labels.issue,
    current_labels.urgency,
    users.name as corrected_by
from ml.current_labels
left join app.users on current_labels.labelled_by = users.user_id
where
    current_labels.message_id = any(%(message_ids)s)
    and not exists (
        select from ml.message_labels
        where
            message_labels.source = current_labels.source
            and message_labels.message_id = current_labels.message_id
    )
