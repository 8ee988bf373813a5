select
    raw.row_id(refunds.*) as row_id,
    refunds.store_id,
    refunds.body ->> 'amount' as amount,
    refunds.body ->> 'date_created' as date_created
from raw.woocommerce_refunds as refunds
where
    refunds.changed_at >= %(since)s
    and refunds.deleted_at is null
    and not exists (
        select 1
        from raw.rejected
        where
            rejected.source = 'woocommerce_refunds'
            and rejected.id = raw.row_id(refunds.*)
            and rejected.put_back_at is not null
    )
