-- Links the numbers and ids that came in one message, in a fixed order.
create or replace function app.link_people(
    landed jsonb, by_network boolean
) returns void
language sql
security definer
set search_path = pg_catalog, pg_temp
as $$
    insert into app.person_links (store_id, phone_key, id_key, is_verified)
    select distinct
        person.store_id,
        person.phone_key,
        person.id_key,
        by_network as is_verified
    from jsonb_to_recordset(landed) as person (
        store_id text,
        phone_key text,
        id_key text
    )
    order by person.store_id, person.phone_key, person.id_key
    on conflict (store_id, phone_key, id_key) do update
        set is_verified = true
        where excluded.is_verified and not person_links.is_verified
$$;
revoke execute on function app.link_people from public;
