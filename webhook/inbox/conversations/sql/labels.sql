-- Corrections take precedence over the model's labels. The sources are listed
-- because they are the first column of both tables' indexes.
with given as (
    select
        message_labels.source,
        message_labels.message_id,
        message_labels.issue,
        message_labels.urgency,
        null::bigint as labelled_by,
        2 as place
    from ml.message_labels
    where
        message_labels.source in ('twilio', 'chatbot')
        and message_labels.message_id = any(%(message_ids)s)

    union all

    select
        current_labels.source,
        current_labels.message_id,
        current_labels.issue,
        current_labels.urgency,
        current_labels.labelled_by,
        1 as place
    from ml.current_labels
    where
        current_labels.source in ('twilio', 'chatbot')
        and current_labels.message_id = any(%(message_ids)s)
)

select distinct on (given.source, given.message_id)
    given.message_id,
    given.issue,
    given.urgency,
    users.name as corrected_by
from given
left join app.users on given.labelled_by = users.user_id
order by given.source asc, given.message_id asc, given.place asc
