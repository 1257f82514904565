package dev.cairn.plan;

import static dev.cairn.plan.Check.require;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a migration does to the database. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Work.Schema.class, name = "schema"),
    @JsonSubTypes.Type(value = Work.Backfill.class, name = "backfill"),
    @JsonSubTypes.Type(value = Work.Once.class, name = "once"),
    @JsonSubTypes.Type(value = Work.Container.class, name = "container")
})
public sealed interface Work {
    /** The placeholder for the predicate that confines a statement to one batch. */
    String BATCH = ":batch";

    /**
     * Steps in order, each a transaction of its own with its line in the ledger.
     *
     * @param steps at least one
     */
    record Schema(List<Step> steps) implements Work {
        /** @throws IllegalArgumentException if there is no step */
        public Schema {
            steps = List.copyOf(steps);
            require(!steps.isEmpty(), "steps: at least one");
        }
    }

    /**
     * One step of a schema migration.
     *
     * @param name how people find it: {@code 3} for the third inline step, the key (a file name) for one of a ConfigMap
     * @param sql one or more statements
     */
    record Step(String name, String sql) {}

    /**
     * A walk over a table in key order, one transaction for each batch.
     *
     * @param over what is walked
     * @param sql one statement that contains {@value #BATCH} where the batch's predicate goes
     * @param verify a query that returns one boolean, true when the work is right; null for none
     * @param skipErrors how many rows may fail and be passed over; null for none: the first one ends the migration
     * @param holds the queries that may make it wait, in the spec's order; null for none, so that plans without any keep
     *     their hash. Their limits are in {@link Settings}
     * @param repeat whether it walks again while {@code verify} is false; null for once, so that plans without it keep
     *     their hash
     */
    record Backfill(
            Over over,
            String sql,
            @Nullable String verify,
            @Nullable Long skipErrors,
            @Nullable List<String> holds,
            @Nullable Repeat repeat)
            implements Work {
        /** @throws IllegalArgumentException if the statement is not confined to a batch, or nothing says when to end */
        public Backfill {
            require(sql.contains(BATCH), "sql: contains " + BATCH + " when the migration walks over a table");
            require(skipErrors == null || skipErrors > 0, "onRowError.max: more than zero");
            require(repeat == null || verify != null, "repeat: only with verify, which says when to end");
            require(
                    repeat == null || verify == null || over.query() == null || !verify.contains(BATCH),
                    "verify: with over.query and repeat, leave " + BATCH
                            + " out of it: the keys of the next walk may not be those of the last one");
            holds = holds == null || holds.isEmpty() ? null : List.copyOf(holds);
        }

        /** One walk, without queries that may make it wait. */
        public Backfill(Over over, String sql, @Nullable String verify, @Nullable Long skipErrors) {
            this(over, sql, verify, skipErrors, null, null);
        }

        /** Where the first row that fails ends the migration. */
        public Backfill(Over over, String sql, @Nullable String verify) {
            this(over, sql, verify, null);
        }
    }

    /** When a backfill walks again. */
    enum Repeat {
        /** From the start up to a new end, until {@code verify} is true: the statement leaves alone what is done. */
        UntilVerified
    }

    /**
     * Statements that run once, in one transaction with their line in the ledger.
     *
     * @param sql one or more statements
     * @param verify as for {@link Backfill}
     */
    record Once(String sql, @Nullable String verify) implements Work {}

    /**
     * A program of the user's own, which writes its checkpoint in its own transactions.
     *
     * @param image what it runs in
     * @param command the program and its arguments, at least the program
     * @param permanentExitCodes with which it says that trying again would not help; 65 says so in any case
     * @param verify as for {@link Backfill}
     */
    record Container(
            String image,
            List<String> command,
            List<Integer> permanentExitCodes,
            @Nullable String verify) implements Work {
        /** @throws IllegalArgumentException if there is no program, or an exit code that says success */
        public Container {
            command = List.copyOf(command);
            permanentExitCodes = List.copyOf(permanentExitCodes);
            require(!command.isEmpty(), "container.command: at least the program");
            require(
                    permanentExitCodes.stream().allMatch(code -> 1 <= code && code <= 255),
                    "container.permanentExitCodes: 1 to 255");
        }

        /** Whether the program says with this exit code that trying again would not help. */
        public boolean isPermanent(int exitCode) {
            return exitCode == ExitCode.PERMANENT.code() || permanentExitCodes.contains(exitCode);
        }
    }

    /**
     * The table that a backfill walks, and along what.
     *
     * @param table an SQL name, quoted and qualified as PostgreSQL reads it, such as {@code messages} or
     *     {@code app."Order"}
     * @param key the columns of a unique index, as the catalogue spells them (not quoted); empty for the primary key
     * @param as the alias that {@code sql} uses for the table, null for the table's own name
     * @param query gives the keys to walk, a column for each of the key's; null for all rows of the table
     */
    record Over(
            String table,
            List<String> key,
            @Nullable String as,
            @Nullable String query) {
        /** All rows of a table. */
        public Over(String table, List<String> key, @Nullable String as) {
            this(table, key, as, null);
        }

        /** Copies the key. */
        public Over {
            key = List.copyOf(key);
        }
    }
}
