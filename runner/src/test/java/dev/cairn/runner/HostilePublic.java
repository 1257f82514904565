package dev.cairn.runner;

import java.util.List;
import org.awaitility.Awaitility;

/**
 * Everything that a role with CREATE on {@code public} can put in the way of other people's SQL: operators for all pairs of
 * common types, functions, types and relations by the names of pg_catalog's. The server counts each call of one of them,
 * also in transactions that only read or are rolled back.
 */
final class HostilePublic {
    private static final String TYPES =
            "ARRAY['text', 'varchar', 'name', '\"char\"', 'oid', 'int2', 'int4', 'int8', 'bool',"
                    + " 'uuid', 'timestamptz', 'interval', 'numeric', 'float8', 'pg_lsn', 'text[]', 'oid[]', 'name[]', 'int2[]',"
                    + " 'int2vector', 'regclass']";

    private static final String OPERATORS = """
        DO $do$
        DECLARE
            types text[] := %s; l text; r text; n int := 0; op text;
        BEGIN
            FOREACH l IN ARRAY types LOOP FOREACH r IN ARRAY types LOOP
                n := n + 1;
                EXECUTE format('CREATE FUNCTION hostile.test_%%s(l pg_catalog.%%s, r pg_catalog.%%s) RETURNS bool LANGUAGE plpgsql'
                    ' AS ''BEGIN RETURN false; END''', n, l, r);
                EXECUTE format('CREATE FUNCTION hostile.make_%%s(l pg_catalog.%%s, r pg_catalog.%%s) RETURNS pg_catalog.%%s'
                    ' LANGUAGE plpgsql AS ''BEGIN RETURN l; END''', n, l, r, l);
                FOREACH op IN ARRAY ARRAY['=', '<>', '<', '<=', '>', '>=', '~~'] LOOP
                    EXECUTE format('CREATE OPERATOR public.%%s (FUNCTION = hostile.test_%%s, LEFTARG = pg_catalog.%%s,'
                        ' RIGHTARG = pg_catalog.%%s)', op, n, l, r);
                END LOOP;
                FOREACH op IN ARRAY ARRAY['+', '-', '*', '/', '||', '|', '&', '<<'] LOOP
                    EXECUTE format('CREATE OPERATOR public.%%s (FUNCTION = hostile.make_%%s, LEFTARG = pg_catalog.%%s,'
                        ' RIGHTARG = pg_catalog.%%s)', op, n, l, r);
                END LOOP;
            END LOOP; END LOOP;
        END $do$
        """.formatted(TYPES);

    /** Exact matches for what is polymorphic in pg_catalog or takes a text for a name, and twins of the rest. */
    private static final String FUNCTIONS = """
        DO $do$
        DECLARE f record;
        BEGIN
            FOR f IN SELECT p.oid, p.proname AS name, pg_get_function_identity_arguments(p.oid) AS args,
                            CASE WHEN p.proretset THEN 'SETOF ' ELSE '' END || format_type(p.prorettype, NULL) AS returned,
                            p.proretset
                       FROM pg_proc p WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind = 'f'
                        AND p.proname = ANY ('{lower,upper,replace,split_part,current_setting,set_config,clock_timestamp,
                            now,substr,length,host,abs,quote_ident,current_database,pg_backend_pid,pg_size_pretty,
                            unnest,generate_series,format_type,to_regclass,hash_record_extended,pg_blocking_pids,
                            has_table_privilege,pg_terminate_backend,pg_relation_size,parse_ident}')
            LOOP
                BEGIN
                    EXECUTE format('CREATE FUNCTION public.%I(%s) RETURNS %s LANGUAGE plpgsql AS ''BEGIN RETURN%s; END''',
                        f.name, f.args, f.returned, CASE WHEN f.proretset THEN '' ELSE ' NULL' END);
                EXCEPTION WHEN OTHERS THEN RAISE NOTICE '% %', f.name, SQLERRM;
                END;
            END LOOP;
        END $do$;
        CREATE FUNCTION public.unnest(text[]) RETURNS SETOF text LANGUAGE plpgsql AS 'BEGIN RETURN; END';
        CREATE FUNCTION public.unnest(oid[]) RETURNS SETOF oid LANGUAGE plpgsql AS 'BEGIN RETURN; END';
        CREATE FUNCTION public.lower(name) RETURNS text LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
        CREATE FUNCTION public.quote_ident(name) RETURNS text LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
        CREATE FUNCTION public.to_regclass(varchar) RETURNS regclass LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
        CREATE FUNCTION hostile.count(s bigint) RETURNS bigint LANGUAGE plpgsql AS 'BEGIN RETURN s; END';
        CREATE FUNCTION hostile.int8(s bigint, v bigint) RETURNS bigint LANGUAGE plpgsql AS 'BEGIN RETURN s; END';
        CREATE FUNCTION hostile.bool(s bool, v bool) RETURNS bool LANGUAGE plpgsql AS 'BEGIN RETURN s; END';
        CREATE FUNCTION hostile.texts(s text[], v text) RETURNS text[] LANGUAGE plpgsql AS 'BEGIN RETURN s; END';
        CREATE FUNCTION hostile.names(s text[], v name) RETURNS text[] LANGUAGE plpgsql AS 'BEGIN RETURN s; END';
        CREATE AGGREGATE public.count(*) (SFUNC = hostile.count, STYPE = bigint, INITCOND = '0');
        CREATE AGGREGATE public.sum(bigint) (SFUNC = hostile.int8, STYPE = bigint, INITCOND = '0');
        CREATE AGGREGATE public.max(bigint) (SFUNC = hostile.int8, STYPE = bigint, INITCOND = '0');
        CREATE AGGREGATE public.bool_and(bool) (SFUNC = hostile.bool, STYPE = bool, INITCOND = 'true');
        CREATE AGGREGATE public.array_agg(text) (SFUNC = hostile.texts, STYPE = text[], INITCOND = '{}');
        CREATE AGGREGATE public.array_agg(name) (SFUNC = hostile.names, STYPE = text[], INITCOND = '{}');
        """;

    private static final String TYPES_AND_RELATIONS = """
        CREATE FUNCTION hostile.type(v anyelement) RETURNS bool LANGUAGE plpgsql AS 'BEGIN RETURN true; END';
        CREATE FUNCTION hostile.relation() RETURNS bool LANGUAGE plpgsql AS 'BEGIN RETURN true; END';
        DO $do$
        DECLARE it text;
        BEGIN
            FOREACH it IN ARRAY ARRAY['text', 'oid', 'name', 'bool', 'uuid', 'int8', 'regclass', 'pg_lsn', 'timestamptz'] LOOP
                EXECUTE format('CREATE DOMAIN public.%1$I AS pg_catalog.%1$I CHECK (hostile.type(VALUE))', it);
            END LOOP;
            FOREACH it IN ARRAY ARRAY['pg_class', 'pg_namespace', 'pg_locks', 'pg_stat_activity', 'pg_database', 'pg_settings',
                'pg_index', 'pg_roles', 'pg_type', 'pg_inherits', 'pg_trigger'] LOOP
                EXECUTE format('CREATE VIEW public.%1$I AS SELECT * FROM pg_catalog.%1$I WHERE hostile.relation()', it);
            END LOOP;
        END $do$
        """;

    private final TestDatabase database;

    /** @param path of every later session of the database; how it is now is how it looks afterwards */
    HostilePublic(TestDatabase database, String path) {
        this.database = database;
        database.execute(
                "ALTER DATABASE " + database.name() + " SET track_functions = 'all'",
                "CREATE SCHEMA hostile",
                OPERATORS,
                FUNCTIONS,
                TYPES_AND_RELATIONS,
                "ALTER DATABASE " + database.name() + " SET search_path = " + path);
    }

    /** Gives the database an honest path again, and says what was called since, once all other sessions are gone. */
    List<String> called() {
        database.execute(
                "SET search_path = pg_catalog", "ALTER DATABASE " + database.name() + " SET search_path = pg_catalog");
        Awaitility.await()
                .until(() -> database.value("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                                + " AND pid <> pg_backend_pid() AND backend_type = 'client backend'")
                        .equals("0"));
        return database.query("SELECT format('%s.%s(%s): %s calls', schemaname, funcname,"
                + " pg_get_function_arguments(funcid), calls) FROM pg_stat_user_functions"
                + " WHERE schemaname <> 'cairn' ORDER BY calls DESC");
    }
}
