select
    refunds.store_id,
    refunds.body ->> 'amount' as amount,
    refunds.body ->> 'date_created' as date_created
from raw.woocommerce_refunds as refunds
where refunds.changed_at >= %(since)s and refunds.deleted_at is null
