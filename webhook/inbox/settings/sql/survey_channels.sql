-- How many began and finished a wave by how they came to it: invited on WhatsApp
-- (whether they answered in the chat or on their own page), by the link for
-- everybody, or from a file.
with respondents as (
    select
        survey_respondents.finished_at,
        case
            when survey_respondents.source = 'file' then 'file'
            when survey_respondents.customer_key is not null then 'whatsapp'
            else 'link'
        end as channel
    from raw.survey_respondents
    where
        survey_respondents.store_id = %(store_id)s
        and survey_respondents.wave = %(name)s
)

select
    respondents.channel,
    count(*) as started,
    count(respondents.finished_at) as finished
from respondents
group by respondents.channel
order by respondents.channel desc
