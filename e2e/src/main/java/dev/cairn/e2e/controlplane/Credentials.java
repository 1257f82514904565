package dev.cairn.e2e.controlplane;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/** The signing keys of service accounts' tokens, and the administrator's token. */
final class Credentials {
    static final String FOLDER = "pki";
    static final String PRIVATE_KEY = FOLDER + "/sa.key";
    static final String PUBLIC_KEY = FOLDER + "/sa.pub";
    static final String TOKENS = FOLDER + "/tokens.csv";
    private static final int KEY_BITS = 2048;
    private static final int TOKEN_BYTES = 16;

    private Credentials() {}

    /**
     * Writes the files into a control plane's folder.
     *
     * @return the administrator's token
     */
    static String write(Path folder) throws IOException {
        Files.createDirectory(folder.resolve(FOLDER));
        var generator = rsa();
        generator.initialize(KEY_BITS);
        var pair = generator.generateKeyPair();
        Files.writeString(
                folder.resolve(PRIVATE_KEY),
                pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
        Files.writeString(
                folder.resolve(PUBLIC_KEY), pem("PUBLIC KEY", pair.getPublic().getEncoded()));
        var random = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        var token = HexFormat.of().formatHex(random);
        Files.writeString(folder.resolve(TOKENS), token + ",admin,admin,system:masters\n");
        return token;
    }

    /** A kubeconfig for the holder of a token. */
    static String kubeconfig(int port, String token) {
        return """
                apiVersion: v1
                kind: Config
                clusters: [{name: local, cluster: {server: "https://127.0.0.1:%d", insecure-skip-tls-verify: true}}]
                users: [{name: user, user: {token: "%s"}}]
                contexts: [{name: local, context: {cluster: local, user: user}}]
                current-context: local
                """.formatted(port, token);
    }

    private static KeyPairGenerator rsa() {
        try {
            return KeyPairGenerator.getInstance("RSA");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has RSA", e);
        }
    }

    private static String pem(String type, byte[] der) {
        var text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(type, text, type);
    }
}
