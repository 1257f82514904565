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
 * The files that this process and the launcher exchange. Their folder exists as long as the pod. This process writes
 * {@code begin.json}, which lets the command start. The launcher writes {@code ended.json}, which has the command's
 * end. This process writes {@code end.json}, the outcome with which the launcher ends the container. So the container
 * {@code migration} ends as every migration does, and this process may restart at any time.
 */
public final class Handover {
    private final Path folder;

    /** @param folder {@link dev.cairn.plan.Mounts#RUN} */
    public Handover(Path folder) {
        this.folder = folder;
    }

    /** Whether this pod has a user's container. */
    public boolean isBesideAContainer() {
        return Files.isDirectory(folder);
    }

    /**
     * Writes the outcome for the launcher and waits until the pod ends. An outcome of an earlier process of this pod
     * stays. A process that must stop itself leaves the outcome to its successor.
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

    /** The begin file that this process or an earlier one of this pod wrote. */
    Optional<BeginFile> begun() {
        return read("begin.json", BeginFile.class);
    }

    /** Lets the command start. */
    void begin(BeginFile begun) {
        write("begin.json", Json.write(begun));
    }

    /** The command's end; empty while it runs. */
    Optional<EndFile> ended() {
        return read("ended.json", EndFile.class);
    }

    /** The password file of libpq and compatible drivers. */
    Path passwordFile() {
        return folder.resolve("pgpass");
    }

    /** Writes the password file. Only the pod's user can read it, as libpq requires. */
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

    /** Writes a file atomically: a reader never sees a part of it. */
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
