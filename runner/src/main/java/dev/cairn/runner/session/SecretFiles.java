package dev.cairn.runner.session;

import dev.cairn.plan.Reason;
import dev.cairn.runner.end.MigrationFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The target's Secret as Kubernetes mounts it: a file for each key. It is read for every connection, since passwords
 * rotate.
 */
final class SecretFiles {
    private SecretFiles() {}

    /** The values by key, without line ends at their end; an empty map while the Secret does not exist. */
    static Map<String, String> read(Path folder) {
        var values = new HashMap<String, String>();
        if (!Files.isDirectory(folder)) return values;
        try (var files = Files.list(folder)) {
            for (var file : (Iterable<Path>) files::iterator) {
                // Kubernetes keeps its own files here, under names that begin with two dots.
                if (Files.isRegularFile(file) && !file.getFileName().toString().startsWith(".."))
                    values.put(file.getFileName().toString(), withoutLineEnd(Files.readString(file)));
            }
        } catch (IOException e) {
            throw new MigrationFailure(
                    Reason.CredentialsMissing, "the mounted Secret cannot be read: " + e, null, null, e);
        }
        return values;
    }

    private static String withoutLineEnd(String text) {
        int end = text.length();
        while (end > 0 && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) end--;
        return text.substring(0, end);
    }
}
