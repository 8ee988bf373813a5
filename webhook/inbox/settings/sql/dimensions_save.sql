delete from app.service_dimensions
where
    service_dimensions.store_id = %(store_id)s
    and service_dimensions.kind = 'word';

insert into app.service_dimensions (store_id, kind, term, stem, dimension)
select
    %(store_id)s as store_id,
    'word' as kind,
    chosen.term,
    chosen.stem,
    chosen.dimension
from
    unnest(
        %(terms)s::text[], %(stems)s::text[], %(dimensions)s::text[]
    ) as chosen (term, stem, dimension)
