package dev.cairn.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What changes data: a statement in batches over a table, a statement that runs once, or a container.
 *
 * @param targetRef where
 * @param dependsOn what must be Ready first
 * @param over the table to walk, null to run the statement once
 * @param sql the statement, null where a container does the work
 * @param container what does the work, null for a statement
 * @param verify a query that checks the work, null for none
 * @param repeat whether it walks again while verify is false, null for {@link Repeat#Once}
 * @param onRowError what happens to a row whose change the server refuses, null for {@link OnRowError#Fail}
 * @param maxSkippedRows how many rows may be skipped, null for {@link #DEFAULT_SKIPPED}
 * @param pace how fast, null for the target's pace
 * @param mode whether it runs or is only estimated, null for {@link Mode#Apply}
 * @param dryRun how the dry run works, null for statistics alone
 * @param suspend whether to wait
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
        value = "has(self.sql) != has(self.container)",
        message = "exactly one of sql and container is required")
@ValidationRule(
        value = "!has(self.over) || has(self.sql)",
        message = "over needs sql: a container makes its own batches")
@ValidationRule(
        value = "!has(self.over) || !has(self.sql) || self.sql.contains(':batch')",
        message = "sql must contain :batch where over is given: it stands for the rows of one batch")
@ValidationRule(
        value = "has(self.over) || !has(self.sql) || !self.sql.contains(':batch')",
        message = "sql contains :batch, so over must name the table that is walked")
@ValidationRule(
        value = "has(self.over) || !has(self.pace)",
        message = "pace needs over: without it there are no batches")
@ValidationRule(
        value = "has(self.over) || !has(self.onRowError) || self.onRowError == 'Fail'",
        message = "onRowError: Skip needs over: without it there is one transaction, which fails as a whole")
@ValidationRule(
        value = "!has(self.mode) || self.mode != 'DryRun' || has(self.over)",
        message = "mode: DryRun needs over: only a walk in batches can be estimated")
@ValidationRule(
        value = "has(self.over) || !has(self.verify) || !self.verify.contains(':batch')",
        message = "verify contains :batch, so over must name the table that is walked")
@ValidationRule(
        value = "!has(self.repeat) || self.repeat == 'Once' || (has(self.over) && has(self.verify))",
        message = "repeat: UntilVerified needs over and verify: verify says when the walks end")
@ValidationRule(
        value =
                "!has(self.repeat) || self.repeat == 'Once' || !has(self.over) || !has(self.over.query) || !has(self.verify)"
                        + " || !self.verify.contains(':batch')",
        message = "with over.query and repeat, leave :batch out of verify: the next walk may have other keys")
@ValidationRule(
        value = "!has(self.maxSkippedRows) || (has(self.onRowError) && self.onRowError == 'Skip')",
        message = "maxSkippedRows needs onRowError: Skip")
public record DataMigrationSpec(
        @Required @JsonPropertyDescription("The database that the migration runs on.")
        TargetRef targetRef,

        @Size(max = 64)
        @JsonPropertyDescription(
                "Migrations that must be Ready before this one starts. " + "It waits for one that does not exist yet.")
        List<Dependency> dependsOn,

        @Nullable
        @JsonPropertyDescription("The table to walk in batches. Without it, sql runs once, in one transaction.")
        Over over,

        @Nullable
        @Size(min = 1, max = 65_536)
        @JsonPropertyDescription(
                "Without over: SQL statements that run once, in one transaction. With over: one statement "
                        + "that contains :batch. Cairn replaces :batch by the condition that selects the rows of one "
                        + "batch, as in UPDATE messages SET mood = 'x' WHERE mood IS NULL AND :batch.")
        String sql,

        @Nullable
        @JsonPropertyDescription(
                "A program in any language that does the work instead of sql. It calls cairn.checkpoint in "
                        + "its own transactions. The target must allow its image.")
        Container container,

        @Nullable
        @Size(min = 1, max = 65_536)
        @JsonPropertyDescription(
                "A query that checks the work after it is done. It returns one boolean. Any other result "
                        + "than true fails the migration; changes that are written stay. With over, verify may contain "
                        + ":batch as sql does. Then it runs batch by batch over the rows that were walked. Without "
                        + ":batch it may take 30 minutes.")
        String verify,

        @Nullable
        @JsonPropertyDescription(
                "Needs over and verify. UntilVerified: while verify returns false, the migration walks over "
                        + "the table again, up to the highest key at that time. Use it where rows arrive behind the "
                        + "walk, as rows with random keys do. sql must not change rows that are done; WHERE mood IS "
                        + "NULL does that. The migration fails when two walks in a row change nothing. Default: Once.")
        Repeat repeat,

        @Nullable
        @JsonPropertyDescription(
                "What happens to a row whose change the server refuses (a violated constraint, a value that "
                        + "cannot be cast). Fail: the migration fails and names the row. Skip: the row stays as it is, "
                        + "and the ledger's table skipped records it with the server's message. Default: Fail.")
        OnRowError onRowError,

        @Nullable
        @Min(1)
        @Max(1_000_000)
        @JsonPropertyDescription(
                "The most rows that may be skipped with onRowError: Skip. The next row that fails makes the "
                        + "migration fail. Default 1000.")
        Long maxSkippedRows,

        @Nullable @JsonPropertyDescription("How fast the backfill runs. May change at any time.")
        Pace pace,

        @Nullable
        @Default("Apply")
        @JsonPropertyDescription(
                "Apply: run the migration. DryRun: only estimate rows, batches and duration, and show the "
                        + "server's plan of a batch. status.forecast has the estimate, with warnings. A dry run "
                        + "changes nothing. It locks rows only with dryRun.execute. Migrations that depend on it wait. "
                        + "DryRun needs over. A dry run may be edited at any time.")
        Mode mode,

        @Nullable @JsonPropertyDescription("How the dry run works. Only used with mode: DryRun.")
        DryRun dryRun,

        @Default("false")
        @JsonPropertyDescription(
                "true stops the migration after the current batch, or keeps it from starting, until it is "
                        + "set to false.")
        boolean suspend)
        implements MigrationSpec {

    /** How many rows may be skipped where the spec does not say. */
    public static final long DEFAULT_SKIPPED = 1000;

    /** Missing lists are empty ones. */
    public DataMigrationSpec {
        dependsOn = SchemaMigrationSpec.copy(dependsOn);
    }

    /** What is done with the migration. */
    public enum Mode {
        Apply,
        DryRun
    }

    /**
     * How a dry run works.
     *
     * @param execute whether a few batches run and are rolled back
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record DryRun(
            @Default("false")
            @JsonPropertyDescription(
                    "true runs a few batches (at most 20, for at most ten seconds) and rolls them back, to "
                            + "measure the speed. Each batch locks its rows while it runs, and leaves dead rows for vacuum.")
            boolean execute) {}

    /** How often the table is walked. */
    public enum Repeat {
        Once,
        UntilVerified
    }

    /** What happens to a row that fails. */
    public enum OnRowError {
        Fail,
        Skip
    }

    /** How many failed rows may be skipped; null for none. */
    public @Nullable Long skipErrors() {
        if (onRowError != OnRowError.Skip) return null;
        return maxSkippedRows == null ? Long.valueOf(DEFAULT_SKIPPED) : maxSkippedRows;
    }

    /**
     * A program that does the work.
     *
     * @param image what it runs in
     * @param command the program and its arguments
     * @param permanentExitCodes exit codes of a permanent failure, besides 65
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Container(
            @Required
            @Size(min = 1, max = 500)
            @JsonPropertyDescription(
                    "The image. Name it by its digest: a tag can move to another program. It must match one of "
                            + "the target's spec.containers.allowedImages.")
            String image,

            @Required
            @Size(min = 1, max = 64)
            @JsonPropertyDescription(
                    "The program and its arguments. No shell runs it. Exit code 0 means that all is done. Exit "
                            + "code 65, or one of permanentExitCodes, means a permanent failure. After any other exit code "
                            + "the Job tries again.")
            List<@Size(max = 4096) String> command,

            @Size(max = 16)
            @JsonPropertyDescription("Exit codes besides 65 that mean a permanent failure: the Job does not try again.")
            List<@Min(1) @Max(255) Integer> permanentExitCodes) {
        /** Missing lists are empty ones. */
        public Container {
            command = SchemaMigrationSpec.copy(command);
            permanentExitCodes = SchemaMigrationSpec.copy(permanentExitCodes);
        }
    }

    /**
     * What is walked.
     *
     * @param table an SQL name
     * @param key the columns to walk along; empty for the primary key
     * @param as the alias that the statement uses, null for the table's name
     * @param query gives the keys of the rows to walk, null for all rows
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Over(
            @Required
            @Size(min = 1, max = 255)
            @JsonPropertyDescription("An SQL name, quoted and qualified as PostgreSQL reads it: messages, "
                    + "app.messages, app.\"Order\".")
            String table,

            @Size(min = 1, max = 32)
            @JsonPropertyDescription(
                    "The columns of a unique index, as the catalogue spells them. None of them may be nullable. "
                            + "Default: the primary key.")
            List<String> key,

            @Nullable
            @Size(min = 1, max = 63)
            @JsonPropertyDescription("The alias that sql gives to the table. Default: the table's own name.")
            String as,

            @Nullable
            @Size(min = 1, max = 65_536)
            @JsonPropertyDescription(
                    "A query that returns the keys of the rows to walk. Use it for a few rows of a large table: "
                            + "SELECT id FROM messages WHERE mood IS NULL. It runs once, when the migration starts. The "
                            + "ledger keeps its result with the checkpoint. Default: all rows.")
            String query) {
        /** A missing key is an empty one. */
        public Over {
            key = SchemaMigrationSpec.copy(key);
        }
    }
}
