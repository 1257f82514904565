package dev.cairn.runner.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cairn.plan.Reason;
import dev.cairn.runner.TestDatabase;
import dev.cairn.runner.end.MigrationFailure;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OnceEngineTest {
    @AutoClose
    private final TestDatabase database = TestDatabase.create();

    private final Migrations migrations = new Migrations(database);

    @BeforeEach
    void createTable() {
        database.execute("CREATE TABLE t (n int)", "INSERT INTO t VALUES (0)");
    }

    @Test
    void statementsRunOnceInOneTransaction() throws Exception {
        var sql = "UPDATE t SET n = n + 1; UPDATE t SET n = n + 1";

        assertThat(migrations.once("m", sql, "SELECT n = 2 FROM t").reason()).isEqualTo(Reason.Applied);
        assertThat(migrations.once("m", sql, "SELECT n = 2 FROM t").reason()).isEqualTo(Reason.AlreadyApplied);

        assertThat(database.query("SELECT n FROM t")).containsExactly("2");
        assertThat(migrations.ledger("m")).containsExactly("applied", "sql done");
    }

    @Test
    void whatVerifyFindsWrongStaysAndIsNotRunAgainUnlessItIsEdited() throws Exception {
        var failure = failing("UPDATE t SET n = n + 1", "SELECT n = 10 FROM t");
        assertThat(failure.reason()).isEqualTo(Reason.VerifyFailed);
        assertThat(failure).hasMessageContaining("returned false");
        assertThat(migrations.ledger("m")).containsExactly("failed", "sql done");

        failing("UPDATE t SET n = n + 1", "SELECT n = 10 FROM t");
        assertThat(database.query("SELECT n FROM t")).containsExactly("1");

        migrations.once("m", "UPDATE t SET n = n + 9", "SELECT n = 10 FROM t");
        assertThat(database.query("SELECT n FROM t")).containsExactly("10");
    }

    @Test
    void withoutTheVerifyThatFailedItIsAppliedInTheLedgerToo() throws Exception {
        failing("UPDATE t SET n = n + 1", "SELECT n = 10 FROM t");

        assertThat(migrations.once("m", "UPDATE t SET n = n + 1", null).reason())
                .isEqualTo(Reason.Applied);
        assertThat(database.query("SELECT n FROM t")).containsExactly("1");
        assertThat(migrations.ledger("m")).containsExactly("applied", "sql done");
    }

    @Test
    void anotherPlanUnderTheNameOfAnAppliedOneIsRefused() throws Exception {
        migrations.once("m", "UPDATE t SET n = 1", null);

        assertThat(failing("UPDATE t SET n = 2", null).reason()).isEqualTo(Reason.ChecksumMismatch);
        assertThat(database.query("SELECT n FROM t")).containsExactly("1");
        assertThat(migrations.ledger("m")).containsExactly("applied", "sql done");
    }

    @Test
    void aVerifyThatDoesNotAnswerWithOneBooleanFails() {
        assertThat(failing("SELECT 1", "SELECT NULL::boolean").reason()).isEqualTo(Reason.VerifyFailed);
        assertThat(failing("SELECT 1", "SELECT true FROM t WHERE false").reason())
                .isEqualTo(Reason.VerifyFailed);
        assertThat(failing("SELECT 1", "SELECT 1").reason()).isEqualTo(Reason.VerifyFailed);
        assertThat(failing("SELECT 1", "SELECT nonsense").reason()).isEqualTo(Reason.SqlError);
        assertThat(failing("SELECT 1", "DELETE FROM t RETURNING true").sqlState())
                .isEqualTo("25006");
        assertThat(database.query("SELECT n FROM t")).containsExactly("0");
    }

    @Test
    void whatCannotRunInATransactionIsRefused() {
        assertThat(failing("VACUUM t", null))
                .hasMessageContaining("sql, line 1, column 1")
                .hasMessageContaining("SchemaMigration");
    }

    private MigrationFailure failing(String sql, String verify) {
        return catchThrowableOfType(MigrationFailure.class, () -> migrations.once("m", sql, verify));
    }
}
