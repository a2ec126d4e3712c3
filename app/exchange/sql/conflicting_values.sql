-- Returns staged rows that state another {field} of a source than the database has: file, line, the
-- row's id, the source, the stated value and the stored value. `{{field}}` and `{{default}}` are
-- replaced for each field. Binds: none.
SELECT s.file, s.line, s.origin_id, coalesce(b.given_url, b.name), b.{field}::text, f.{field}::text
FROM staged_source b
JOIN staged_event s ON s.id = b.event
JOIN frontline.source f ON f.id = b.source
WHERE b.{field} IS DISTINCT FROM {default} AND f.{field} IS DISTINCT FROM b.{field}
ORDER BY s.file, s.line, b.position;
