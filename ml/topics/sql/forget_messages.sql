-- Of messages and reviews that are gone, as when their customer was erased,
-- nothing stays.
delete from ml.topic_messages
where
    case topic_messages.kind
        when 'message'
            then not exists (
                select
                from marts.fct_messages
                where
                    fct_messages.source = topic_messages.source
                    and fct_messages.message_id = topic_messages.id
                    and fct_messages.store_id = topic_messages.store_id
            )
        else not exists (
            select
            from raw.current_reviews
            where
                current_reviews.store_id = topic_messages.store_id
                and current_reviews.source = topic_messages.source
                and current_reviews.review_id = topic_messages.id
        )
    end
