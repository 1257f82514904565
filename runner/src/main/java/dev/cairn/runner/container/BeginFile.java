package dev.cairn.runner.container;

import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The file that lets the launcher start the user's command.
 *
 * @param environment more variables for the command
 */
record BeginFile(Map<String, String> environment) {
    private static final String MIGRATION = "CAIRN_MIGRATION";
    private static final String TOKEN = "CAIRN_TOKEN";
    private static final String CHECKPOINT = "CAIRN_CHECKPOINT";
    private static final String LEDGER = "CAIRN_LEDGER";

    /** Sorts the variables, so that the file is the same each time it is written. */
    BeginFile {
        environment = new TreeMap<>(environment);
    }

    /**
     * @param access the variables for the database
     * @param migration its name for the function {@code checkpoint}
     * @param checkpoint the place to continue from, empty for the beginning
     * @param ledger the schema of the function
     */
    static BeginFile of(Map<String, String> access, String migration, UUID token, String checkpoint, String ledger) {
        var environment = new TreeMap<>(access);
        environment.put(MIGRATION, migration);
        environment.put(TOKEN, token.toString());
        environment.put(CHECKPOINT, checkpoint);
        environment.put(LEDGER, ledger);
        return new BeginFile(environment);
    }

    /** The token that was handed over. */
    UUID token() {
        return UUID.fromString(environment.getOrDefault(TOKEN, ""));
    }
}
