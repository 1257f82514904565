package dev.cairn.e2e.database;

import dev.cairn.e2e.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/** A server's key and its self-signed certificate, in PostgreSQL's format. */
final class Certificate {
    private static final String PASSWORD = "changeit";

    private Certificate() {}

    /** Writes {@code server.crt} and {@code server.key}. */
    static void write(Path folder) throws IOException {
        var store = folder.resolve("server.p12");
        Command.quietly(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "server",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-validity",
                "365",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD);
        try {
            var keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
            var key = keys.getKey("server", PASSWORD.toCharArray()).getEncoded();
            var certificate = keys.getCertificate("server").getEncoded();
            Files.writeString(folder.resolve("server.crt"), pem("CERTIFICATE", certificate));
            Files.writeString(folder.resolve("server.key"), pem("PRIVATE KEY", key));
            Files.setPosixFilePermissions(folder.resolve("server.key"), PosixFilePermissions.fromString("rw-------"));
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot read the key that keytool made", e);
        }
        Files.delete(store);
    }

    private static String pem(String label, byte[] content) {
        var text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + label + "-----\n" + text + "\n-----END " + label + "-----\n";
    }
}
