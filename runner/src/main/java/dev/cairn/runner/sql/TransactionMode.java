package dev.cairn.runner.sql;

/** How a statement relates to transactions. Names are as they are written: quoted, qualified or neither. */
public sealed interface TransactionMode {
    /** Runs in a transaction with other statements. */
    record InTransaction() implements TransactionMode {}

    /**
     * CREATE INDEX CONCURRENTLY.
     *
     * @param index its name, never qualified: an index lives in its table's schema
     * @param table the table's
     * @param ifNotExists whether an index of that name stays as it is
     */
    record BuildIndex(String index, String table, boolean ifNotExists) implements TransactionMode {}

    /**
     * DROP INDEX CONCURRENTLY.
     *
     * @param index its name
     */
    record DropIndex(String index) implements TransactionMode {}

    /**
     * ALTER TABLE … DETACH PARTITION … CONCURRENTLY.
     *
     * @param table the partitioned table
     * @param partition the partition that is detached
     */
    record Detach(String table, String partition) implements TransactionMode {}

    /**
     * REINDEX CONCURRENTLY.
     *
     * @param of the kind of object that it names
     * @param name the object's name; empty for the database without a name
     */
    record Reindex(Of of, String name) implements TransactionMode {
        /** The kinds of object that a REINDEX may name. */
        public enum Of {
            INDEX,
            TABLE,
            SCHEMA,
            DATABASE
        }
    }

    /**
     * A statement that may run twice with the same result.
     *
     * @param what the command, such as {@code VACUUM}
     * @param letsTrafficPass whether reads and writes continue beside it, so that it may wait for its locks
     */
    record Repeatable(String what, boolean letsTrafficPass) implements TransactionMode {}

    /**
     * A statement whose effect is unknown after an interruption. It commits nothing before its end.
     *
     * @param what the command, such as {@code CREATE DATABASE}
     */
    record Untraceable(String what) implements TransactionMode {}

    /** CALL. A procedure may commit before its end, and the commits stay when it fails later. */
    record Call() implements TransactionMode {}

    /** Whether it must run alone: PostgreSQL refuses it inside a transaction, or it may end one. */
    default boolean runsAlone() {
        return !(this instanceof InTransaction);
    }
}
