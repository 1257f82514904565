package dev.cairn.runner;

import dev.cairn.plan.Json;
import dev.cairn.plan.Reason;
import dev.cairn.plan.Settings;
import dev.cairn.runner.end.MigrationFailure;
import dev.cairn.runner.report.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The present settings. It reads them again whenever the file has changed. Thread-safe. */
final class SettingsFile implements Supplier<Settings> {
    private final Path file;
    private @Nullable FileTime readAt;
    private @Nullable Settings last;

    SettingsFile(Path file) {
        this.file = file;
    }

    /** @throws MigrationFailure if the first read fails; a later failure keeps the earlier settings */
    @Override
    public synchronized Settings get() {
        try {
            var changed = Files.getLastModifiedTime(file);
            if (last == null || !changed.equals(readAt)) read(changed);
        } catch (IOException | IllegalArgumentException e) {
            if (last == null)
                throw new MigrationFailure(
                        Reason.InternalError,
                        "the mounted settings cannot be read: " + e + "; delete the Job, the operator creates it again",
                        null,
                        null,
                        e);
            Log.info("settings: kept as they were, the new ones cannot be read: " + e.getMessage());
        }
        if (last == null) throw new IllegalStateException("read without a value");
        return last;
    }

    private void read(FileTime changed) throws IOException {
        // Marked as read also when it cannot be read: the log reports a broken file once, not for every batch.
        readAt = changed;
        var settings = Json.read(Files.readString(file), Settings.class);
        if (last != null && !settings.equals(last)) Log.info("settings: changed");
        last = settings;
    }
}
