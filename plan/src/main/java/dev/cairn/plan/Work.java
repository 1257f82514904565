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
     * Steps in order. Each step is its own transaction, with its row in the ledger.
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
     * @param name its name in messages: {@code 3} for the third inline step, the key (a file name) for a step of a
     *     ConfigMap
     * @param sql one or more statements
     */
    record Step(String name, String sql) {}

    /**
     * A walk over a table in key order, one transaction for each batch.
     *
     * @param over what is walked
     * @param sql one statement that contains {@value #BATCH} where the batch's predicate goes
     * @param verify a query that returns one boolean, true when the work is right; null for none
     * @param skipErrors how many failed rows may be skipped; null for none: the first failed row ends the migration
     * @param holds the queries that may make it wait, in the spec's order; null for none, so that plans without any
     *     keep their hash. Their limits are in {@link Settings}
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
        /** @throws IllegalArgumentException if the statement has no batch predicate, or no query says when to end */
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

        /** A single walk, without queries that may make it wait. */
        public Backfill(Over over, String sql, @Nullable String verify, @Nullable Long skipErrors) {
            this(over, sql, verify, skipErrors, null, null);
        }

        /** A backfill that ends at the first row that fails. */
        public Backfill(Over over, String sql, @Nullable String verify) {
            this(over, sql, verify, null);
        }
    }

    /** When a backfill walks again. */
    enum Repeat {
        /**
         * From the start up to a new end, until {@code verify} is true. The statement does not change rows that are
         * done.
         */
        UntilVerified
    }

    /**
     * Statements that run once, in one transaction with their row in the ledger.
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
     * @param permanentExitCodes exit codes of a permanent failure; 65 always is one
     * @param verify as for {@link Backfill}
     */
    record Container(
            String image,
            List<String> command,
            List<Integer> permanentExitCodes,
            @Nullable String verify) implements Work {
        /** @throws IllegalArgumentException if there is no program, or an exit code is not 1 to 255 */
        public Container {
            command = List.copyOf(command);
            permanentExitCodes = List.copyOf(permanentExitCodes);
            require(!command.isEmpty(), "container.command: at least the program");
            require(
                    permanentExitCodes.stream().allMatch(code -> 1 <= code && code <= 255),
                    "container.permanentExitCodes: 1 to 255");
        }

        /** Whether this exit code of the program means a permanent failure. */
        public boolean isPermanent(int exitCode) {
            return exitCode == ExitCode.PERMANENT.code() || permanentExitCodes.contains(exitCode);
        }
    }

    /**
     * The table that a backfill walks, and its key.
     *
     * @param table an SQL name, quoted and qualified as PostgreSQL reads it, such as {@code messages} or {@code
     *     app."Order"}
     * @param key the columns of a unique index, as the catalogue spells them (not quoted); empty for the primary key
     * @param as the alias that {@code sql} uses for the table, null for the table's own name
     * @param query returns the keys to walk, with one column for each key column; null for all rows of the table
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
