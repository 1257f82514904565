package dev.cairn.runner.ledger;

/**
 * The function that the user's container calls in its transactions, and the table behind it. {@code %1$s} is the
 * schema.
 */
final class CheckpointFunction {
    /**
     * The function runs with its owner's rights. So a container's role needs only USAGE on the schema. It can move its
     * own checkpoint and no other, since a call without the token changes nothing. For the same reason the search_path
     * is pinned and names are qualified.
     *
     * <p>One UPDATE compares token and cursor before it moves the checkpoint, as a batch of a backfill does. Concurrent
     * callers wait for each other, and all but one are refused.
     */
    static final String CREATE = """
        CREATE TABLE %1$s.checkpoint (
            scope text, kind text, name text,
            token uuid NOT NULL,
            cursor text,
            rows bigint NOT NULL DEFAULT 0,
            estimated_rows bigint,
            commits bigint NOT NULL DEFAULT 0,
            updated timestamptz NOT NULL,
            PRIMARY KEY (scope, kind, name),
            FOREIGN KEY (scope, kind, name) REFERENCES %1$s.migration ON DELETE CASCADE) WITH (fillfactor = 10);
        CREATE FUNCTION %1$s.checkpoint(
            migration text, token text, expected text, cursor text,
            rows bigint DEFAULT 0, estimated_rows bigint DEFAULT NULL)
        RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $checkpoint$
        DECLARE
            place constant text := nullif($3, '');
            found_at text;
        BEGIN
            IF coalesce($4, '') = '' THEN
                RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = 'cursor: the place that was reached, not null and not empty';
            END IF;
            IF $5 < 0 OR $6 < 0 THEN
                RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = 'rows, estimated_rows: 0 or more';
            END IF;
            UPDATE %1$s.checkpoint AS c
               SET cursor = $4, rows = c.rows + coalesce($5, 0), estimated_rows = coalesce($6, c.estimated_rows),
                   commits = c.commits + 1, updated = clock_timestamp()
             WHERE c.scope = split_part($1, '/', 1) AND c.kind = split_part($1, '/', 2) AND c.name = split_part($1, '/', 3)
               AND c.token = $2::uuid AND c.cursor IS NOT DISTINCT FROM place;
            IF FOUND THEN RETURN; END IF;
            SELECT coalesce(c.cursor, '') INTO found_at FROM %1$s.checkpoint AS c
             WHERE c.scope = split_part($1, '/', 1) AND c.kind = split_part($1, '/', 2) AND c.name = split_part($1, '/', 3)
               AND c.token = $2::uuid;
            IF FOUND THEN
                RAISE EXCEPTION USING ERRCODE = 'MC002',
                    MESSAGE = 'the checkpoint of ' || $1 || ' was moved by another transaction',
                    DETAIL = 'It is at "' || found_at || '", not at "' || coalesce(place, '') || '".',
                    HINT = 'Roll back and end with an error: the next start goes on from CAIRN_CHECKPOINT.';
            END IF;
            RAISE EXCEPTION USING ERRCODE = 'MC001',
                MESSAGE = 'another start has taken over ' || coalesce($1, 'the migration') || ', or it is over',
                HINT = 'Roll back and end with an error. CAIRN_MIGRATION and CAIRN_TOKEN are valid for one start.';
        END $checkpoint$;
        """;

    private CheckpointFunction() {}
}
