select
    documents.path,
    documents.version,
    documents.written_at
from quality.documents
where documents.name = %(name)s
order by documents.path
