package dev.cairn.runner.sql;

import java.util.Objects;

/**
 * Reads a statement's transaction mode from its first words. An unknown statement runs in a transaction, as most do.
 */
final class TransactionModeReader {
    private static final TransactionMode IN_TRANSACTION = new TransactionMode.InTransaction();

    private TransactionModeReader() {}

    /** @throws SqlRefused for CREATE INDEX CONCURRENTLY without a name */
    static TransactionMode read(Statement statement) {
        var words = statement.words();
        if (words.take("CREATE")) return create(statement, words);
        if (words.take("DROP")) return drop(words);
        if (words.take("ALTER")) return alter(words);
        if (words.take("REINDEX")) return reindex(words);
        if (words.take("VACUUM")) return vacuum(words);
        if (words.take("CLUSTER")) return new TransactionMode.Repeatable("CLUSTER", false);
        if (words.take("CALL")) return new TransactionMode.Call();
        return IN_TRANSACTION;
    }

    private static TransactionMode create(Statement statement, Words words) {
        if (words.take("DATABASE")) return new TransactionMode.Untraceable("CREATE DATABASE");
        if (words.take("TABLESPACE")) return new TransactionMode.Untraceable("CREATE TABLESPACE");
        if (words.take("SUBSCRIPTION")) return new TransactionMode.Untraceable("CREATE SUBSCRIPTION");
        words.take("UNIQUE");
        if (!words.take("INDEX", "CONCURRENTLY")) return IN_TRANSACTION;
        boolean ifNotExists = words.take("IF", "NOT", "EXISTS");
        var index = words.take("ON") ? null : words.takeName();
        if (index == null)
            throw statement.refused("give the index a name: without one Cairn cannot find out, after an interruption, "
                    + "whether it was built");
        words.take("ON");
        words.take("ONLY");
        return new TransactionMode.BuildIndex(index, Objects.requireNonNullElse(words.takeName(), ""), ifNotExists);
    }

    private static TransactionMode drop(Words words) {
        if (words.take("DATABASE")) return new TransactionMode.Untraceable("DROP DATABASE");
        if (words.take("TABLESPACE")) return new TransactionMode.Untraceable("DROP TABLESPACE");
        if (words.take("SUBSCRIPTION")) return new TransactionMode.Untraceable("DROP SUBSCRIPTION");
        if (!words.take("INDEX", "CONCURRENTLY")) return IN_TRANSACTION;
        words.take("IF", "EXISTS");
        return new TransactionMode.DropIndex(Objects.requireNonNullElse(words.takeName(), ""));
    }

    private static TransactionMode alter(Words words) {
        if (words.take("SYSTEM")) return new TransactionMode.Repeatable("ALTER SYSTEM", true);
        if (words.take("DATABASE"))
            return words.comes("SET", "TABLESPACE")
                    ? new TransactionMode.Repeatable("ALTER DATABASE … SET TABLESPACE", false)
                    : IN_TRANSACTION;
        if (words.take("SUBSCRIPTION"))
            return words.comes("PUBLICATION") ? new TransactionMode.Untraceable("ALTER SUBSCRIPTION") : IN_TRANSACTION;
        return words.take("TABLE") ? alterTable(words) : IN_TRANSACTION;
    }

    private static TransactionMode alterTable(Words words) {
        words.take("IF", "EXISTS");
        words.take("ONLY");
        var table = words.takeName();
        if (table == null || !words.take("DETACH", "PARTITION")) return IN_TRANSACTION;
        var partition = words.takeName();
        return partition != null && words.take("CONCURRENTLY")
                ? new TransactionMode.Detach(table, partition)
                : IN_TRANSACTION;
    }

    /**
     * A REINDEX without CONCURRENTLY runs alone, too: PostgreSQL requires it for a partitioned table, and only the
     * server knows which tables are partitioned.
     */
    private static TransactionMode reindex(Words words) {
        boolean concurrently = Words.optionOn(words.takeParentheses(), "CONCURRENTLY");
        for (var of : TransactionMode.Reindex.Of.values()) {
            if (!words.take(of.name())) continue;
            if (!concurrently && !words.take("CONCURRENTLY")) break;
            words.take("CONCURRENTLY");
            return new TransactionMode.Reindex(of, Objects.requireNonNullElse(words.takeName(), ""));
        }
        return new TransactionMode.Repeatable("REINDEX", false);
    }

    private static TransactionMode vacuum(Words words) {
        boolean full = Words.optionOn(words.takeParentheses(), "FULL") || words.take("FULL");
        return new TransactionMode.Repeatable(full ? "VACUUM FULL" : "VACUUM", !full);
    }
}
