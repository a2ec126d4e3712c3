-- Return what staged rows state of {field} of a source that is known with another value: file, line, the row's id, the
-- source, what is stated and what is known. `{{field}}` and `{{default}}` are filled in for each field. Binds: none.
SELECT s.file, s.line, s.origin_id, coalesce(b.given_url, b.name), b.{field}::text, f.{field}::text
FROM staged_source b
JOIN staged_event s ON s.id = b.event
JOIN frontline.source f ON f.id = b.source
WHERE b.{field} IS DISTINCT FROM {default} AND f.{field} IS DISTINCT FROM b.{field}
ORDER BY s.file, s.line, b.position;
