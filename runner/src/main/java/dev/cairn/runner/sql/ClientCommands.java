package dev.cairn.runner.sql;

/** Statements that are half a conversation with the client, which here is not psql. */
final class ClientCommands {
    private ClientCommands() {}

    static void refuse(Statement statement) {
        var words = statement.words();
        if (!words.take("COPY")) return;
        if (words.comes("FROM", "STDIN"))
            throw statement.refused("COPY … FROM STDIN reads data that only psql can send: write INSERT statements "
                    + "(pg_dump --inserts writes them), or COPY from a file on the server");
        if (words.comes("TO", "STDOUT"))
            throw statement.refused("COPY … TO STDOUT sends data that nobody here would read: remove it");
    }
}
