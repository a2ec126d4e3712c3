-- Sets {field} of sources that still have its default to the value of the first staged row that has
-- one. `{{field}}` and `{{default}}` are replaced for each field. Binds: none.
UPDATE frontline.source f
SET {field} = stated.{field}
FROM (
    SELECT DISTINCT ON (source) source, {field}
    FROM staged_source
    WHERE {field} IS DISTINCT FROM {default}
    ORDER BY source, event, position
) stated
WHERE f.id = stated.source AND f.{field} IS NOT DISTINCT FROM {default};
