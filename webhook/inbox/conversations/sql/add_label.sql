insert into ml.labels (source, message_id, issue, urgency, labelled_by)
values (
    %(source)s, %(message_id)s, %(issue)s, %(urgency)s, %(user_id)s
)
