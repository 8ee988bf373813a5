-- The list of fields that everything up to a position was fetched with; null for
-- what has none, and for what was fetched before lists had versions. A position
-- of another list than the present one does not count, so that the next sync
-- fetches the fields that are new.
alter table app.sync_positions add column fields text;

-- Of what a webhook brings, nothing but the fields of that list is kept; what
-- came before is reduced to the id, the one thing that is read of it.
update raw.woocommerce_deliveries
set
    payload = case
        when woocommerce_deliveries.resource_id is not null
            then jsonb_build_object('id', woocommerce_deliveries.resource_id)
        when woocommerce_deliveries.payload ? 'code'
            then
                woocommerce_deliveries.payload
                - array(
                    select names.name
                    from
                        jsonb_object_keys(
                            woocommerce_deliveries.payload
                        ) as names (name)
                    where names.name not in ('code', 'message', 'data')
                )
        else '{}'
    end;
