package dev.cairn.e2e.database;

import dev.cairn.e2e.Command;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The account of a server: that of this process, or {@code nobody} instead of root. */
final class Account {
    private static final String NOBODY = "65534";

    private Account() {}

    static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    static String run(String... command) {
        var full = new ArrayList<String>();
        if (isRoot()) full.addAll(List.of("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"));
        full.addAll(List.of(command));
        return Command.run(full);
    }

    static void own(Path folder) {
        if (isRoot()) Command.run("chown", "-R", NOBODY + ":" + NOBODY, folder.toString());
    }
}
