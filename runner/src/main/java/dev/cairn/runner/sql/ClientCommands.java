package dev.cairn.runner.sql;

import java.util.Locale;

/** Refuses statements that exchange data with psql: this client is not psql. */
final class ClientCommands {
    private ClientCommands() {}

    /** @param words all of the statement's */
    static void refuse(Statement statement, Words words) {
        refuseOtherText(statement);
        if (!words.take("COPY")) return;
        if (words.comes("FROM", "STDIN"))
            throw statement.refused("COPY … FROM STDIN reads data that only psql can send: write INSERT statements "
                    + "(pg_dump --inserts writes them), or COPY from a file on the server");
        if (words.comes("TO", "STDOUT"))
            throw statement.refused("COPY … TO STDOUT sends data that Cairn does not read: remove it");
    }

    /** The driver closes a session whose texts or dates it can no longer read. */
    private static void refuseOtherText(Statement statement) {
        var words = statement.words();
        if (!words.take("SET")) return;
        if (!words.take("LOCAL")) words.take("SESSION");
        boolean encoding = words.take("CLIENT_ENCODING") || words.take("NAMES");
        var text = statement.text().toLowerCase(Locale.ROOT);
        if (encoding && !text.matches("(?s).*(utf-?8|unicode|default).*"))
            throw statement.refused("statements are sent as UTF-8: remove this, and keep the file in UTF-8");
        if (words.take("DATESTYLE") && !text.contains("iso"))
            throw statement.refused("dates are read and written in the style ISO: remove this, and write 2026-01-31");
    }
}
