package dev.cairn.e2e.database;

import dev.cairn.e2e.Project;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's programs, unpacked once into a cache that all accounts can read. */
final class PostgresBinaries {
    private static final String ARCHIVE = "/postgres-linux-x86_64.txz";

    private PostgresBinaries() {}

    /** The folder with {@code bin}. */
    static Path unpacked() throws IOException {
        var folder = cache().resolve("postgres-" + Project.postgresVersion());
        if (Files.exists(folder)) return folder;
        Files.createDirectories(folder.getParent());
        var unfinished = Files.createTempDirectory(folder.getParent(), "unpacking");
        try (var in = PostgresBinaries.class.getResourceAsStream(ARCHIVE)) {
            if (in == null) throw new IOException("no PostgreSQL for this machine on the class path: " + ARCHIVE);
            unpack(in, unfinished);
        }
        Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rwxr-xr-x"));
        return Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
    }

    /** The server refuses to run as root, and its account cannot read root's home. */
    private static Path cache() {
        return Account.isRoot()
                ? Path.of("/var/cache/cairn")
                : Path.of(System.getProperty("user.home"), ".cache", "cairn");
    }

    private static void unpack(InputStream archive, Path folder) throws IOException {
        try (var tar = new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(archive)))) {
            for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
                var target = folder.resolve(entry.getName()).normalize();
                if (!target.startsWith(folder)) throw new IOException("outside the archive: " + entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else if (entry.isSymbolicLink()) {
                    Files.createDirectories(target.getParent());
                    Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
                } else {
                    Files.createDirectories(target.getParent());
                    Files.copy(tar, target);
                    if ((entry.getMode() & 0100) != 0)
                        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
                }
            }
        }
    }
}
