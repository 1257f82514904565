package dev.cairn.runner.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransactionModeTest {
    static Stream<Arguments> alone() {
        return Stream.of(
                of("CREATE INDEX CONCURRENTLY i ON t (a)", new TransactionMode.BuildIndex("i", "t", false)),
                of(
                        "create unique index concurrently if not exists \"I x\" on only app . \"T\" (a)",
                        new TransactionMode.BuildIndex("\"I x\"", "app.\"T\"", true)),
                of("DROP INDEX CONCURRENTLY IF EXISTS app.i", new TransactionMode.DropIndex("app.i")),
                of("ALTER TABLE ONLY t DETACH PARTITION p CONCURRENTLY", new TransactionMode.Detach("t", "p")),
                of("VACUUM (ANALYZE) t", new TransactionMode.Repeatable("VACUUM", true)),
                of("VACUUM FULL t", new TransactionMode.Repeatable("VACUUM FULL", false)),
                of("VACUUM (FULL false) t", new TransactionMode.Repeatable("VACUUM", true)),
                of("REINDEX INDEX CONCURRENTLY i", new TransactionMode.Reindex(TransactionMode.Reindex.Of.INDEX, "i")),
                of(
                        "REINDEX (VERBOSE, CONCURRENTLY) TABLE t",
                        new TransactionMode.Reindex(TransactionMode.Reindex.Of.TABLE, "t")),
                of(
                        "REINDEX SCHEMA CONCURRENTLY \"S\"",
                        new TransactionMode.Reindex(TransactionMode.Reindex.Of.SCHEMA, "\"S\"")),
                of(
                        "REINDEX DATABASE CONCURRENTLY",
                        new TransactionMode.Reindex(TransactionMode.Reindex.Of.DATABASE, "")),
                of("REINDEX (CONCURRENTLY = off) TABLE t", new TransactionMode.Repeatable("REINDEX", false)),
                of("REINDEX DATABASE d", new TransactionMode.Repeatable("REINDEX", false)),
                of("CLUSTER", new TransactionMode.Repeatable("CLUSTER", false)),
                of("ALTER SYSTEM SET work_mem = '4MB'", new TransactionMode.Repeatable("ALTER SYSTEM", true)),
                of(
                        "ALTER DATABASE d SET TABLESPACE s",
                        new TransactionMode.Repeatable("ALTER DATABASE … SET TABLESPACE", false)),
                of("CREATE DATABASE d", new TransactionMode.Untraceable("CREATE DATABASE")),
                of("DROP DATABASE d", new TransactionMode.Untraceable("DROP DATABASE")),
                of("CREATE TABLESPACE s LOCATION '/x'", new TransactionMode.Untraceable("CREATE TABLESPACE")),
                of("DROP TABLESPACE s", new TransactionMode.Untraceable("DROP TABLESPACE")),
                of(
                        "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p",
                        new TransactionMode.Untraceable("CREATE SUBSCRIPTION")),
                of("DROP SUBSCRIPTION s", new TransactionMode.Untraceable("DROP SUBSCRIPTION")),
                of("ALTER SUBSCRIPTION s REFRESH PUBLICATION", new TransactionMode.Untraceable("ALTER SUBSCRIPTION")),
                of("CALL p(1)", new TransactionMode.Call()));
    }

    @ParameterizedTest
    @MethodSource("alone")
    void whatPostgresRefusesInATransactionIsRecognised(String sql, TransactionMode nature) {
        assertThat(Script.of(sql).statements().getFirst().nature()).isEqualTo(nature);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE INDEX i ON t (a)",
                "CREATE INDEX \"CONCURRENTLY\" ON t (a)",
                "DROP INDEX i",
                "ALTER TABLE t DETACH PARTITION p",
                "ALTER TABLE t DETACH PARTITION p FINALIZE",
                "ALTER TYPE e ADD VALUE 'x'",
                "ALTER DATABASE d SET work_mem = '4MB'",
                "ALTER SUBSCRIPTION s DISABLE",
                "ANALYZE t",
                "DO $$ BEGIN CALL p(); END $$",
                "INSERT INTO t VALUES ('VACUUM')",
            })
    void everythingElseRunsInATransaction(String sql) {
        assertThat(Script.of(sql).statements().getFirst().nature()).isEqualTo(new TransactionMode.InTransaction());
    }

    @Test
    void anIndexBuiltConcurrentlyNeedsAName() {
        var statement =
                Script.of("CREATE INDEX CONCURRENTLY ON t (a)").statements().getFirst();

        assertThatThrownBy(statement::nature)
                .isInstanceOf(SqlRefused.class)
                .hasMessageContaining("give the index a name");
    }

    private static Arguments of(String sql, TransactionMode nature) {
        return Arguments.of(sql, nature);
    }
}
