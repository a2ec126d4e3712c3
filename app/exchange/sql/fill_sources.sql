-- Set {field} of sources for which nobody has stated it yet, to what the first staged row that states it says.
-- `{{field}}` and `{{default}}` are filled in for each field. Binds: none.
UPDATE frontline.source f
SET {field} = stated.{field}
FROM (
    SELECT DISTINCT ON (source) source, {field}
    FROM staged_source
    WHERE {field} IS DISTINCT FROM {default}
    ORDER BY source, event, position
) stated
WHERE f.id = stated.source AND f.{field} IS NOT DISTINCT FROM {default};
