select
    documents.content_type,
    documents.body,
    documents.version,
    documents.written_at
from quality.documents
where
    documents.name = %(name)s
    and documents.path = %(path)s
