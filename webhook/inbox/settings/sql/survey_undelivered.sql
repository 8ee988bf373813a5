-- Why invitations did not reach their customers, with how many.
select
    coalesce(replies.error_code, '') as reason,
    count(*) as invitations
from app.survey_invitations
inner join app.replies
    on survey_invitations.reply_id = replies.reply_id
where
    survey_invitations.store_id = %(store_id)s
    and survey_invitations.wave = %(name)s
    and replies.state in ('dead', 'dropped')
group by coalesce(replies.error_code, '')
order by count(*) desc, coalesce(replies.error_code, '')
