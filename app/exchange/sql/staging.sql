-- Creates the temporary tables for the rows of a batch, in the transaction of the import. Other
-- sessions cannot see them. Binds: none.
CREATE TEMPORARY TABLE staged_event (
    id integer NOT NULL,          -- the number of this row
    given_id uuid,                -- the id in the file, if it has the form of our ids
    origin_id text NOT NULL,
    digest bytea NOT NULL,
    line integer NOT NULL,
    file integer NOT NULL,
    -- added, unchanged, changed, updated
    fate text NOT NULL DEFAULT 'added',
    -- the id of the event: a new id, or that of the existing event
    event uuid NOT NULL,
    /*fields define event.importable*/
) ON COMMIT DROP;

CREATE TEMPORARY TABLE staged_source (
    event integer NOT NULL,       -- staged_event.id, also in the tables below
    position integer NOT NULL,
    role text NOT NULL,
    -- the id in frontline.source: a new id for each canonical address, or that of the existing
    -- source
    source uuid,
    /*fields define source.importable*/   -- canonical_url null: known by name only
) ON COMMIT DROP;

CREATE TEMPORARY TABLE staged_claim (
    event integer NOT NULL,
    position integer NOT NULL,
    source_position integer,
    party text NOT NULL,
    party_kind text NOT NULL,
    /*fields define claim.importable*/
) ON COMMIT DROP;

CREATE TEMPORARY TABLE staged_place (
    event integer NOT NULL,
    position integer NOT NULL,
    geonameid integer,
    as_spelled text
) ON COMMIT DROP;

-- The sources that are known by name only: each name of an origin is looked up once in an import.
CREATE TEMPORARY TABLE named_source (
    origin text NOT NULL,
    name text NOT NULL,
    source uuid NOT NULL,
    PRIMARY KEY (origin, name)
) ON COMMIT DROP;
