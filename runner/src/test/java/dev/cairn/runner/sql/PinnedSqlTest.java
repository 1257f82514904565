package dev.cairn.runner.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PinnedSqlTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "a = ?; a OPERATOR(pg_catalog.=) ?",
                "a <> 'x = y' -- =; a OPERATOR(pg_catalog.<>) 'x = y' -- =",
                "a = ANY (CAST(? AS oid[])); a OPERATOR(pg_catalog.=) ANY (CAST(? AS pg_catalog.oid[]))",
                "count(*) = 1; pg_catalog.count(*) OPERATOR(pg_catalog.=) 1",
                "x < -1; x OPERATOR(pg_catalog.<) -1",
                "a::text; a::pg_catalog.text",
                "a::bigint; a::bigint",
                "a::pg_catalog.regclass::text; a::pg_catalog.regclass::pg_catalog.text",
                "(extract(epoch FROM t) * 1000)::bigint;"
                        + " (extract(epoch FROM t) OPERATOR(pg_catalog.*) 1000)::bigint",
                "coalesce(max(n) + 1, 0); coalesce(pg_catalog.max(n) OPERATOR(pg_catalog.+) 1, 0)",
                "i[k.n - 1]; i[k.n OPERATOR(pg_catalog.-) 1]",
                "FROM pg_catalog.f(1) k (n); FROM pg_catalog.f(1) k (n)",
                "WITH RECURSIVE t (oid) AS (SELECT 1); WITH RECURSIVE t (oid) AS (SELECT 1)",
                "a OPERATOR(pg_catalog.=) b; a OPERATOR(pg_catalog.=) b",
            })
    void operatorsFunctionsAndTypesBecomePgCatalogsOwn(String sql, String pinned) {
        assertThat(PinnedSql.of("SELECT " + sql)).isEqualTo("SELECT " + pinned);
    }

    @Test
    void whatAssignsIsNoOperator() {
        assertThat(PinnedSql.of("UPDATE s.t SET a = ?, b = b + 1, c = CASE WHEN d = 1 THEN 2 END WHERE a = ?; COMMIT"))
                .isEqualTo(
                        "UPDATE s.t SET a = ?, b = b OPERATOR(pg_catalog.+) 1,"
                                + " c = CASE WHEN d OPERATOR(pg_catalog.=) 1 THEN 2 END WHERE a OPERATOR(pg_catalog.=) ?; COMMIT");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a IN (1, 2)",
                "a LIKE 'x'",
                "a BETWEEN 1 AND 2",
                "nullif(a, b)",
                "a IS NOT DISTINCT FROM b",
                "CASE a WHEN 1 THEN 2 END",
                "* FROM a JOIN b USING (c)",
                "* FROM pg_class",
                "a + 1 = b",
                "a || b = c",
            })
    void whatHasNoQualifiedFormIsRefused(String sql) {
        assertThatThrownBy(() -> PinnedSql.of("SELECT " + sql)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void typesOfTheGrammarNeedNoSchema() {
        assertThat(PinnedSql.type("timestamp with time zone")).isEqualTo("timestamp with time zone");
        assertThat(PinnedSql.type("character varying(10)")).isEqualTo("character varying(10)");
        assertThat(PinnedSql.type("text")).isEqualTo("pg_catalog.text");
        assertThat(PinnedSql.type("\"char\"")).isEqualTo("pg_catalog.\"char\"");
    }
}
