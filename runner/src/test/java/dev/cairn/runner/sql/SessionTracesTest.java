package dev.cairn.runner.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionTracesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TABLE t (id int)",
                "create or replace function f() returns int language sql return 1",
                "ALTER TABLE t ADD COLUMN a int",
                "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO r",
                "/* hint */ INSERT INTO t SELECT s.a FROM s",
                "UPDATE t SET a = s.b FROM s",
                "SET search_path = 'app'",
                "SET SESSION AUTHORIZATION r",
                "SET LOCAL work_mem = '1MB'",
                "ALTER TABLE t ALTER COLUMN a SET DEFAULT app.f()",
                "CREATE INDEX CONCURRENTLY i ON t (a)",
                "VACUUM t",
            })
    void whatIsKnownEndsWithTheReset(String sql) {
        assertThat(only(sql).endsWithReset()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT f()",
                "WITH x AS (SELECT 1) SELECT f() FROM x",
                "DO $$ BEGIN END $$",
                "CALL p()",
                "LOAD 'age'",
                "EXECUTE p",
                "VALUES (f())",
                "CREATE EXTENSION pg_trgm",
                "CREATE EVENT TRIGGER e ON login EXECUTE FUNCTION f()",
                "CREATE FUNCTION f() RETURNS int LANGUAGE 'c' AS 'lib'",
                "CREATE FUNCTION f() RETURNS int LANGUAGE sql SET app.x = 'y' RETURN 1",
                "ALTER ROLE r SET search_path = app",
                "ALTER USER r SUPERUSER",
                "ALTER DATABASE d SET search_path = app",
                "ALTER SYSTEM SET work_mem = '1MB'",
                "ALTER EXTENSION e UPDATE",
                "SET app.tenant = 'x'",
                "SET LOCAL app . tenant = 'x'",
                "SET SESSION -- a comment\n app.tenant = 'x'",
                "SET \"app.tenant\" = 'x'",
                "INSERT INTO t SELECT setseed(0.5)",
                "INSERT INTO t SELECT * FROM dblink('service=other', 'SELECT 1')",
                "UPDATE t SET a = pg_catalog.set_config('app.tenant', 'x', false)",
            })
    void whatIsNotKnownDoesNot(String sql) {
        assertThat(only(sql).endsWithReset()).isFalse();
    }

    private static Statement only(String sql) {
        return Script.of(sql).statements().getFirst();
    }
}
