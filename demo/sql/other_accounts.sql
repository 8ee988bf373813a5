-- Messages that are not the made-up shop's.
select count(*)
from raw.twilio_messages
where twilio_messages.account_sid is distinct from %(account_sid)s
