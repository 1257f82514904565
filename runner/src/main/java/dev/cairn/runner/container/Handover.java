package dev.cairn.runner.container;

import dev.cairn.plan.Json;
import dev.cairn.plan.Outcome;
import dev.cairn.runner.end.Stop;
import dev.cairn.runner.session.ClientAccess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The files through which this side and the launcher talk, in a folder that lives as long as the pod: {@code begin.json}
 * from here lets the command start, {@code ended.json} from there tells how it ended, {@code end.json} from here is the
 * outcome with which the launcher ends the container. So the container {@code migration} ends as every migration does,
 * and this process may die and come back at any time in between.
 */
public final class Handover {
    private final Path folder;

    /** @param folder {@link dev.cairn.plan.Mounts#RUN} */
    public Handover(Path folder) {
        this.folder = folder;
    }

    /** Whether this pod has a user's container at all. */
    public boolean isBesideAContainer() {
        return Files.isDirectory(folder);
    }

    /**
     * Makes the outcome known to the launcher and waits until the pod ends. An outcome that an earlier process of this pod
     * made known stands. A process that is itself told to stop leaves the outcome to its successor.
     */
    public Outcome conclude(Supplier<Outcome> attempt, Stop stop) {
        var known = read("end.json", End.class);
        if (known.isPresent()) {
            stop.awaitRequest();
            return Outcome.fromTerminationMessage(known.get().message());
        }
        var outcome = attempt.get();
        if (!stop.isRequested()) {
            write("end.json", Json.write(End.of(outcome)));
            stop.awaitRequest();
        }
        return outcome;
    }

    /** What an earlier process of this pod, or this one, has handed over. */
    Optional<BeginFile> begun() {
        return read("begin.json", BeginFile.class);
    }

    /** Lets the command start. */
    void begin(BeginFile begun) {
        write("begin.json", Json.write(begun));
    }

    /** How the command ended; empty while it runs. */
    Optional<EndFile> ended() {
        return read("ended.json", EndFile.class);
    }

    /** Where the password is for libpq and those that do as it does. */
    Path passwordFile() {
        return folder.resolve("pgpass");
    }

    /** Writes it, readable by the pod's user alone, as libpq demands. */
    void writePassword(ClientAccess access) {
        write("pgpass", access.passwordFileLine());
    }

    private <T> Optional<T> read(String name, Class<T> type) {
        var file = folder.resolve(name);
        try {
            return Files.exists(file) ? Optional.of(Json.read(Files.readString(file), type)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("the pod's own folder cannot be read: " + file, e);
        }
    }

    /** Nobody sees half a file. */
    private void write(String name, String content) {
        try {
            var mine = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
            var next = Files.createTempFile(folder, name, ".next", mine);
            Files.writeString(next, content);
            Files.move(next, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("the pod's own folder cannot be written: " + folder, e);
        }
    }

    /**
     * @param exitCode for the container
     * @param message for its termination log
     */
    private record End(int exitCode, String message) {
        static End of(Outcome outcome) {
            return new End(outcome.reason().exitCode().code(), outcome.toTerminationMessage());
        }
    }
}
