-- Words only: numbers and links are compared as they are.
select
    tsvector_to_array(
        to_tsvector(
            %(configuration)s::regconfig,
            regexp_replace(texts.text, '[^[:alpha:]]+', ' ', 'g')
        )
    ) as stems
from unnest(%(texts)s::text[]) with ordinality as texts (text, position)
order by texts.position
