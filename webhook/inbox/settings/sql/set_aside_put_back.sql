select raw.put_back(%(source)s, %(id)s) as is_done
