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
 * What changes data: a statement, batch by batch over a table or once, or a container.
 *
 * @param targetRef where
 * @param dependsOn what must be Ready first
 * @param over the table to walk, null to run the statement once
 * @param sql the statement, null where a container does the work
 * @param container what does the work, null for a statement
 * @param verify a query that tells whether the work is right, null for none
 * @param repeat whether it walks again while verify is false, null for {@link Repeat#Once}
 * @param onRowError what becomes of a row whose change the server refuses, null for {@link OnRowError#Fail}
 * @param maxSkippedRows how many rows may be skipped, null for {@link #DEFAULT_SKIPPED}
 * @param pace how fast, null for the target's pace
 * @param mode whether it is carried out or only tried, null for {@link Mode#Apply}
 * @param dryRun how it is tried, null for statistics alone
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
        message = "mode: DryRun needs over: only a walk in batches can be foretold")
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
        message = "with over.query and repeat, leave :batch out of verify: the next walk's keys may be others")
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
                "SQL statements that run once in one transaction; with over, one statement that contains :batch where the condition that "
                        + "confines it to one batch goes, such as UPDATE messages SET mood = 'x' WHERE mood IS NULL "
                        + "AND :batch.")
        String sql,

        @Nullable
        @JsonPropertyDescription("A program in any language that does the work instead of sql, and calls "
                + "cairn.checkpoint in its own transactions. The target has to allow its image.")
        Container container,

        @Nullable
        @Size(min = 1, max = 65_536)
        @JsonPropertyDescription("A query that returns one boolean when the work is done. "
                + "Anything but true fails the migration; what was written stays. With over, it may contain :batch as sql "
                + "does, and is then asked batch by batch over what was walked; without it, it may take 30 minutes.")
        String verify,

        @Nullable
        @JsonPropertyDescription("With over and verify. UntilVerified: while verify returns false, the table is walked "
                + "again, up to what is its highest key then; for rows that arrive behind the walk, as those with random "
                + "keys do. sql must leave alone what is done, as WHERE mood IS NULL does. It ends as failed when two walks "
                + "in a row change nothing. Default: Once.")
        Repeat repeat,

        @Nullable
        @JsonPropertyDescription(
                "What becomes of a row whose change the server refuses (a violated constraint, a value "
                        + "that cannot be cast). Fail: the migration fails and names the row. Skip: the row is left as it is, "
                        + "and written into the ledger's table skipped with the server's message. Default: Fail.")
        OnRowError onRowError,

        @Nullable
        @Min(1)
        @Max(1_000_000)
        @JsonPropertyDescription("With onRowError: Skip, one row more than so many fails the migration. Default 1000.")
        Long maxSkippedRows,

        @Nullable @JsonPropertyDescription("How fast it goes. May change at any time.")
        Pace pace,

        @Nullable
        @Default("Apply")
        @JsonPropertyDescription(
                "Apply: carry it out. DryRun: only foretell rows, batches, duration and the server's plan of a batch, in "
                        + "status.forecast, with warnings; nothing is changed and no row is locked, and what depends on it "
                        + "waits. Needs over. A dry run may be edited at any time.")
        Mode mode,

        @Nullable @JsonPropertyDescription("How it is tried with mode: DryRun; passed over otherwise.")
        DryRun dryRun,

        @Default("false")
        @JsonPropertyDescription(
                "Stops the migration at its last batch, or keeps it from starting, " + "until set to false.")
        boolean suspend)
        implements MigrationSpec {

    /** Rows that may be skipped where the spec does not say how many. */
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
     * How a migration is tried.
     *
     * @param execute whether a few batches run and are rolled back
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record DryRun(
            @Default("false")
            @JsonPropertyDescription("Runs a few batches (at most 20, ten seconds) and rolls them back, to measure the "
                    + "speed. They lock their rows for as long as a batch takes, and leave dead rows for vacuum.")
            boolean execute) {}

    /** How often the table is walked. */
    public enum Repeat {
        Once,
        UntilVerified
    }

    /** What becomes of a row that fails. */
    public enum OnRowError {
        Fail,
        Skip
    }

    /** How many rows may fail and be passed over; null for none. */
    public @Nullable Long skipErrors() {
        if (onRowError != OnRowError.Skip) return null;
        return maxSkippedRows == null ? Long.valueOf(DEFAULT_SKIPPED) : maxSkippedRows;
    }

    /**
     * A program that does the work.
     *
     * @param image what it runs in
     * @param command the program and its arguments
     * @param permanentExitCodes with which it says that trying again would not help
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Container(
            @Required
            @Size(min = 1, max = 500)
            @JsonPropertyDescription("The image, best by its digest: a tag may mean another program tomorrow. It must "
                    + "match one of spec.containers.allowedImages of the target.")
            String image,

            @Required
            @Size(min = 1, max = 64)
            @JsonPropertyDescription("The program and its arguments, not run in a shell. It ends with 0 when all is "
                    + "done; with 65, or one of permanentExitCodes, when trying again would not help; with any other code "
                    + "to be tried again.")
            List<@Size(max = 4096) String> command,

            @Size(max = 16)
            @JsonPropertyDescription("Exit codes besides 65 that mean that trying again would not help.")
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
            @JsonPropertyDescription("Columns of a unique index, none of them nullable, as the catalogue spells "
                    + "them. Default: the primary key.")
            List<String> key,

            @Nullable
            @Size(min = 1, max = 63)
            @JsonPropertyDescription("The alias that sql gives to the table. Default: the table's own name.")
            String as,

            @Nullable
            @Size(min = 1, max = 65_536)
            @JsonPropertyDescription(
                    "A query that gives the keys of the rows to walk, for a few rows of a large table: "
                            + "SELECT id FROM messages WHERE mood IS NULL. It is asked once, when the migration starts, and its "
                            + "answer is kept with the checkpoint. Default: all rows.")
            String query) {
        /** A missing key is an empty one. */
        public Over {
            key = SchemaMigrationSpec.copy(key);
        }
    }
}
