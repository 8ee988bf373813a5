delete from quality.documents
where documents.name = %(name)s
