-- Where some rows of an import wait until they are written, in its transaction; `pg_temp` keeps them from everybody else.
-- Binds: none.
CREATE TEMPORARY TABLE staged_event (
    id integer NOT NULL,          -- of the row here
    given_id uuid,                -- the file's id, when it is one of ours
    origin text NOT NULL,
    origin_id text NOT NULL,
    title text NOT NULL,
    description text,
    category text NOT NULL,
    actor text,
    affected text,
    shape geometry NOT NULL,
    precision_m integer,
    happened_from timestamptz NOT NULL,
    happened_to timestamptz NOT NULL,
    time_precision text NOT NULL,
    time_inferred boolean NOT NULL,
    verification text NOT NULL,
    sensitivity text[] NOT NULL,
    digest bytea NOT NULL,
    line integer NOT NULL,
    file integer NOT NULL,
    -- added, unchanged, changed, updated
    fate text NOT NULL DEFAULT 'added',
    -- the event it is, or becomes: a new id, until it is known to be there
    event uuid NOT NULL
) ON COMMIT DROP;

CREATE TEMPORARY TABLE staged_source (
    event integer NOT NULL,       -- staged_event.id, in the tables below too
    position integer NOT NULL,
    role text NOT NULL,
    name text NOT NULL,
    canonical_url text,           -- null: known by name only
    given_url text,
    platform text,
    publisher text,
    author text,
    published_at timestamptz,
    language text,
    status text NOT NULL,
    archive_url text,
    -- the row in frontline.source: a new id for each canonical address, until it is known to be there
    source uuid
) ON COMMIT DROP;

CREATE TEMPORARY TABLE staged_claim (
    event integer NOT NULL,
    position integer NOT NULL,
    source_position integer,
    party text NOT NULL,
    party_kind text NOT NULL,
    stance text NOT NULL,
    statement text NOT NULL,
    about text NOT NULL,
    chain text[] NOT NULL,
    stated_at timestamptz
) ON COMMIT DROP;

CREATE TEMPORARY TABLE staged_place (
    event integer NOT NULL,
    position integer NOT NULL,
    geonameid integer,
    as_spelled text
) ON COMMIT DROP;
