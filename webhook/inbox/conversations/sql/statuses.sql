select
    current_statuses.message_id,
    current_statuses.status,
    current_statuses.failed,
    (
        select max(statuses.error_code)
        from raw.twilio_statuses as statuses
        where
            statuses.message_sid = current_statuses.message_id
            and statuses.error_code is not null
    ) as error_code
from (
    select
        twilio_current_statuses.message_sid as message_id,
        twilio_current_statuses.status,
        twilio_current_statuses.failed
    from raw.twilio_current_statuses
    where twilio_current_statuses.message_sid = any(%(message_ids)s)
) as current_statuses
