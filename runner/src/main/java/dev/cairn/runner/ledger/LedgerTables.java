package dev.cairn.runner.ledger;

/** The ledger's tables. {@code %s} is the quoted schema. */
final class LedgerTables {
    /**
     * Raise it only with a change that excludes runners of version 0.1. {@link LedgerAdditions} has all other changes.
     */
    static final int VERSION = 1;

    /**
     * The rows that every batch updates are on half-filled pages. So new row versions stay on their page and the tables
     * do not grow.
     */
    static final String CREATE = """
        CREATE TABLE %1$s.version (version integer NOT NULL);
        CREATE TABLE %1$s.migration (
            scope text, kind text, name text,
            state text NOT NULL CHECK (state IN ('running', 'applied', 'failed')),
            checksum text NOT NULL,
            token uuid NOT NULL,
            attempts integer NOT NULL,
            started timestamptz NOT NULL,
            finished timestamptz,
            image text, error text, worker text,
            worker_pid integer, worker_backend_start timestamptz,
            estimated_rows bigint,
            PRIMARY KEY (scope, kind, name)) WITH (fillfactor = 50);
        CREATE TABLE %1$s.step (
            scope text, kind text, name text, ordinal integer,
            step_name text NOT NULL,
            checksum text NOT NULL,
            state text NOT NULL CHECK (state IN ('started', 'done')),
            started timestamptz NOT NULL,
            finished timestamptz,
            note text,
            PRIMARY KEY (scope, kind, name, ordinal),
            FOREIGN KEY (scope, kind, name) REFERENCES %1$s.migration ON DELETE CASCADE);
        CREATE TABLE %1$s.walk (
            scope text, kind text, name text,
            over_json text NOT NULL,
            statement text,
            relation text NOT NULL,
            relation_oid oid,
            ledger_oid oid NOT NULL,
            key_columns text[] NOT NULL,
            key_types text[] NOT NULL,
            key_collations text[] NOT NULL,
            collation_versions text[] NOT NULL,
            earlier_walks integer NOT NULL DEFAULT 0,
            earlier_rows bigint NOT NULL DEFAULT 0,
            earlier_idle boolean NOT NULL DEFAULT false,
            PRIMARY KEY (scope, kind, name),
            FOREIGN KEY (scope, kind, name) REFERENCES %1$s.migration ON DELETE CASCADE);
        CREATE TABLE %1$s.range (
            scope text, kind text, name text, ordinal integer,
            from_key text[], to_key text[], cursor text[],
            window_ends text[], stripes integer, stripes_done integer, stripe_cursor text[],
            rows bigint NOT NULL DEFAULT 0,
            walked bigint NOT NULL DEFAULT 0,
            skipped bigint NOT NULL DEFAULT 0,
            batches bigint NOT NULL DEFAULT 0,
            worker_pid integer, worker_backend_start timestamptz,
            state text NOT NULL CHECK (state IN ('open', 'done')),
            token uuid NOT NULL,
            updated timestamptz NOT NULL,
            PRIMARY KEY (scope, kind, name, ordinal),
            FOREIGN KEY (scope, kind, name) REFERENCES %1$s.migration ON DELETE CASCADE) WITH (fillfactor = 10);
        CREATE TABLE %1$s.listed (
            scope text, kind text, name text, ordinal bigint,
            key text[] NOT NULL,
            PRIMARY KEY (scope, kind, name, ordinal));
        CREATE TABLE %1$s.skipped (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            at timestamptz NOT NULL DEFAULT clock_timestamp(),
            scope text NOT NULL, kind text NOT NULL, name text NOT NULL,
            key text[] NOT NULL,
            sqlstate text NOT NULL,
            message text NOT NULL);
        CREATE TABLE %1$s.event (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            at timestamptz NOT NULL DEFAULT clock_timestamp(),
            scope text NOT NULL, kind text NOT NULL, name text NOT NULL,
            event text NOT NULL, worker text, detail text);
        INSERT INTO %1$s.version VALUES (1);
        """;

    private LedgerTables() {}
}
