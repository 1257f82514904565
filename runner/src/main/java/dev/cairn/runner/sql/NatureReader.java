package dev.cairn.runner.sql;

import java.util.Objects;

/** Tells a statement's nature by its first words; what it does not know runs in a transaction, as most do. */
final class NatureReader {
    private static final Nature IN_TRANSACTION = new Nature.InTransaction();

    private NatureReader() {}

    /** @throws SqlRefused for an index built concurrently without a name */
    static Nature read(Statement statement) {
        var words = statement.words();
        if (words.take("CREATE")) return create(statement, words);
        if (words.take("DROP")) return drop(words);
        if (words.take("ALTER")) return alter(words);
        if (words.take("REINDEX")) return reindex(words);
        if (words.take("VACUUM")) return vacuum(words);
        if (words.take("CLUSTER")) return new Nature.Repeatable("CLUSTER", false);
        if (words.take("CALL")) return new Nature.Call();
        return IN_TRANSACTION;
    }

    private static Nature create(Statement statement, Words words) {
        if (words.take("DATABASE")) return new Nature.Untraceable("CREATE DATABASE");
        if (words.take("TABLESPACE")) return new Nature.Untraceable("CREATE TABLESPACE");
        if (words.take("SUBSCRIPTION")) return new Nature.Untraceable("CREATE SUBSCRIPTION");
        words.take("UNIQUE");
        if (!words.take("INDEX", "CONCURRENTLY")) return IN_TRANSACTION;
        boolean ifNotExists = words.take("IF", "NOT", "EXISTS");
        var index = words.take("ON") ? null : words.takeName();
        if (index == null)
            throw statement.refused("give the index a name: without one nothing can tell, after an interruption, "
                    + "whether it was built");
        words.take("ON");
        words.take("ONLY");
        return new Nature.BuildIndex(index, Objects.requireNonNullElse(words.takeName(), ""), ifNotExists);
    }

    private static Nature drop(Words words) {
        if (words.take("DATABASE")) return new Nature.Untraceable("DROP DATABASE");
        if (words.take("TABLESPACE")) return new Nature.Untraceable("DROP TABLESPACE");
        if (words.take("SUBSCRIPTION")) return new Nature.Untraceable("DROP SUBSCRIPTION");
        if (!words.take("INDEX", "CONCURRENTLY")) return IN_TRANSACTION;
        words.take("IF", "EXISTS");
        return new Nature.DropIndex(Objects.requireNonNullElse(words.takeName(), ""));
    }

    private static Nature alter(Words words) {
        if (words.take("SYSTEM")) return new Nature.Repeatable("ALTER SYSTEM", true);
        if (words.take("DATABASE"))
            return words.comes("SET", "TABLESPACE")
                    ? new Nature.Repeatable("ALTER DATABASE … SET TABLESPACE", false)
                    : IN_TRANSACTION;
        if (words.take("SUBSCRIPTION"))
            return words.comes("PUBLICATION") ? new Nature.Untraceable("ALTER SUBSCRIPTION") : IN_TRANSACTION;
        return words.take("TABLE") ? alterTable(words) : IN_TRANSACTION;
    }

    private static Nature alterTable(Words words) {
        words.take("IF", "EXISTS");
        words.take("ONLY");
        var table = words.takeName();
        if (table == null || !words.take("DETACH", "PARTITION")) return IN_TRANSACTION;
        var partition = words.takeName();
        return partition != null && words.take("CONCURRENTLY") ? new Nature.Detach(table, partition) : IN_TRANSACTION;
    }

    /** Also without CONCURRENTLY: of a partitioned table, and only the server knows which are, it must be alone. */
    private static Nature reindex(Words words) {
        boolean concurrently = Words.optionOn(words.takeParentheses(), "CONCURRENTLY");
        for (var of : Nature.Reindex.Of.values()) {
            if (!words.take(of.name())) continue;
            if (!concurrently && !words.take("CONCURRENTLY")) break;
            words.take("CONCURRENTLY");
            return new Nature.Reindex(of, Objects.requireNonNullElse(words.takeName(), ""));
        }
        return new Nature.Repeatable("REINDEX", false);
    }

    private static Nature vacuum(Words words) {
        boolean full = Words.optionOn(words.takeParentheses(), "FULL") || words.take("FULL");
        return new Nature.Repeatable(full ? "VACUUM FULL" : "VACUUM", !full);
    }
}
