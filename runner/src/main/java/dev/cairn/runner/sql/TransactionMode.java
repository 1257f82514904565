package dev.cairn.runner.sql;

/** What a statement is, as far as transactions go. Names are as they are written: quoted, qualified or neither. */
public sealed interface TransactionMode {
    /** Runs in a transaction with others. */
    record InTransaction() implements TransactionMode {}

    /**
     * CREATE INDEX CONCURRENTLY.
     *
     * @param index its name, never qualified: an index lives in its table's schema
     * @param table the table's
     * @param ifNotExists whether an index of that name is left as it is
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
     * @param partition what is detached
     */
    record Detach(String table, String partition) implements TransactionMode {}

    /**
     * REINDEX CONCURRENTLY.
     *
     * @param of what it names
     * @param name of that; empty where the database is meant and not named
     */
    record Reindex(Of of, String name) implements TransactionMode {
        /** What a REINDEX may name. */
        public enum Of {
            INDEX,
            TABLE,
            SCHEMA,
            DATABASE
        }
    }

    /**
     * Done twice, it is the same as done once.
     *
     * @param what the command, such as {@code VACUUM}
     * @param letsTrafficPass whether reads and writes go on beside it, so that it may wait for its locks
     */
    record Repeatable(String what, boolean letsTrafficPass) implements TransactionMode {}

    /**
     * Interrupted, nothing tells whether it took effect. It commits nothing before its end.
     *
     * @param what the command, such as {@code CREATE DATABASE}
     */
    record Untraceable(String what) implements TransactionMode {}

    /** CALL: a procedure may commit in its middle, and what it committed stays when it fails later. */
    record Call() implements TransactionMode {}

    /** Whether it has to be alone: PostgreSQL refuses it inside a transaction, or it may end one. */
    default boolean runsAlone() {
        return !(this instanceof InTransaction);
    }
}
