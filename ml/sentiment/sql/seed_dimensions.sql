insert into app.service_dimensions (store_id, kind, term, stem, dimension)
select
    %(store_id)s as store_id,
    'word' as kind,
    words.term,
    words.stem,
    words.dimension
from
    unnest(
        %(term)s::text[], %(stem)s::text[], %(dimension)s::text[]
    ) as words (term, stem, dimension)
on conflict do nothing
