package dev.cairn.e2e.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A line of an API server's audit log: one request.
 *
 * @param user such as {@code system:serviceaccount:cairn-system:cairn}
 * @param agent the program's user agent
 * @param verb in RBAC's terms, such as {@code patch}
 * @param group the API group, empty for the core
 * @param resource with its subresource, such as {@code datamigrations/status}; empty for none
 * @param name of the object, empty for several objects
 * @param allowed whether the user had the right
 */
public record AuditEvent(
        String user, String agent, String verb, String group, String resource, String name, boolean allowed) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The lines of a log, without an incomplete last line. */
    public static Stream<AuditEvent> read(Path log) {
        try {
            var text = Files.readString(log);
            return text.substring(0, text.lastIndexOf('\n') + 1).lines().map(AuditEvent::parse);
        } catch (IOException e) {
            throw new UncheckedIOException("no audit log " + log, e);
        }
    }

    /** One line. */
    public static AuditEvent parse(String line) {
        try {
            var event = JSON.readTree(line);
            var object = event.path("objectRef");
            var subresource = text(object, "subresource");
            return new AuditEvent(
                    text(event.path("user"), "username"),
                    text(event, "userAgent"),
                    text(event, "verb"),
                    text(object, "apiGroup"),
                    text(object, "resource") + (subresource.isEmpty() ? "" : "/" + subresource),
                    text(object, "name"),
                    "allow".equals(text(event.path("annotations"), "authorization.k8s.io/decision")));
        } catch (IOException e) {
            throw new UncheckedIOException("not a line of an audit log: " + line, e);
        }
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asText("");
    }
}
