package dev.cairn.runner.sql;

import java.util.List;

/** Removes one BEGIN … COMMIT around the whole text. Refuses any other statement that begins or ends a transaction. */
final class TransactionControl {
    private TransactionControl() {}

    static List<Statement> unwrap(List<Statement> statements) {
        boolean wrapped = statements.size() >= 2 && begins(statements.getFirst()) && commits(statements.getLast());
        var inner = wrapped ? statements.subList(1, statements.size() - 1) : statements;
        for (var statement : inner) {
            refuseControl(statement);
            if (wrapped && !(statement.nature() instanceof TransactionMode.InTransaction))
                throw statement.refused("PostgreSQL refuses this statement between BEGIN and COMMIT: remove both");
        }
        return inner;
    }

    private static boolean begins(Statement statement) {
        var words = statement.words();
        if (words.take("BEGIN")) {
            if (!words.take("TRANSACTION")) words.take("WORK");
            return words.atEnd();
        }
        return words.take("START", "TRANSACTION") && words.atEnd();
    }

    private static boolean commits(Statement statement) {
        var words = statement.words();
        if (!words.take("COMMIT") && !words.take("END")) return false;
        if (!words.take("TRANSACTION")) words.take("WORK");
        return words.atEnd();
    }

    private static void refuseControl(Statement statement) {
        var words = statement.words();
        boolean control = words.take("BEGIN")
                || words.take("START", "TRANSACTION")
                || words.take("COMMIT")
                || words.take("END")
                || words.take("ROLLBACK")
                || words.take("ABORT")
                || words.take("SAVEPOINT")
                || words.take("RELEASE")
                || words.take("PREPARE", "TRANSACTION")
                || words.take("SET", "TRANSACTION")
                || words.take("SET", "SESSION", "CHARACTERISTICS");
        if (control)
            throw statement.refused("Cairn begins and ends the transaction, together with its row in the ledger. "
                    + "Remove this statement, or put what follows it into a separate step. "
                    + "Only one plain BEGIN; … COMMIT; around the whole text is accepted");
    }
}
