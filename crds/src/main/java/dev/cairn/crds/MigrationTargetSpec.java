package dev.cairn.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonValue;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A database, and the policy under which migrations run on it.
 *
 * @param scope the name under which the database remembers what ran
 * @param connection where it is
 * @param ledger where it keeps what ran, null for the defaults
 * @param locks how schema steps wait for locks, null for the defaults
 * @param pace the default for its data migrations, null for Cairn's
 * @param containers which containers may run on it, null for none
 * @param report what status and log may show of the database's contents, null for the defaults
 * @param job what the Jobs' pods need, null for nothing
 * @param suspend whether everything on it waits
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "self.scope == oldSelf.scope",
        message = "scope is the name under which the database remembers what ran: it cannot change")
public record MigrationTargetSpec(
        @Required
        @Size(min = 1, max = 63)
        @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")
        @JsonPropertyDescription("The name under which the database remembers which migrations ran. The same "
                + "in every cluster and namespace that migrates this database. Cannot change.")
        String scope,

        @Required
        @JsonPropertyDescription(
                "How the Jobs reach the database. Cairn itself never connects to it and " + "never reads the Secret.")
        Connection connection,

        @Nullable @JsonPropertyDescription("Where the database keeps the record of what ran.")
        Ledger ledger,

        @Nullable @JsonPropertyDescription("How the steps of schema migrations wait for locks.")
        Locks locks,

        @Nullable
        @JsonPropertyDescription("The pace of data migrations that do not say otherwise. " + "May change at any time.")
        Pace pace,

        @Nullable @JsonPropertyDescription("Which containers of data migrations may run on it. Default: none.")
        Containers containers,

        @Nullable
        @JsonPropertyDescription("What status, logs and Events may show of the database's contents. Values of rows "
                + "they never show: those stay in the ledger's tables event and skipped.")
        Report report,

        @Nullable @JsonPropertyDescription("What the Jobs' pods need on this cluster.")
        Job job,

        @Default("false")
        @JsonPropertyDescription(
                "Stops every migration on this database, or keeps them from " + "starting, until set to false.")
        boolean suspend) {

    private static final String DEFAULT_SCHEMA = "cairn";

    /** Where the ledger keeps this target's migrations. */
    public MigrationStatus.Ledger place() {
        return new MigrationStatus.Ledger(scope, ledger == null ? DEFAULT_SCHEMA : ledger.schema());
    }

    /**
     * Where the database is.
     *
     * @param secretRef the Secret with credentials
     * @param host overrides the Secret's
     * @param port overrides the Secret's
     * @param database overrides the Secret's
     * @param sslMode null for {@link #effectiveSslMode()}
     * @param sslRootCert the authority that signed the server's certificate
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @ValidationRule(
            value = "!has(self.sslMode) || !(self.sslMode in ['verify-ca', 'verify-full']) || has(self.sslRootCert)",
            message = "sslMode verify-ca and verify-full need sslRootCert")
    public record Connection(
            @Required
            @JsonPropertyDescription("A Secret in the same namespace with the keys that CloudNativePG, "
                    + "Crunchy, Zalando or servicebinding.io write: username or user, password, host, port, dbname or "
                    + "database, or one uri.")
            SecretRef secretRef,

            @Nullable
            @Size(min = 1, max = 253)
            @Pattern("^([A-Za-z0-9_][A-Za-z0-9._-]*|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(%[A-Za-z0-9._-]+)?)$")
            @JsonPropertyDescription("Overrides the Secret's host: a host name or an IP address.")
            String host,

            @Nullable @Min(1) @Max(65_535) @JsonPropertyDescription("Overrides the Secret's port. Default 5432.")
            Integer port,

            @Nullable @Size(min = 1, max = 63) @JsonPropertyDescription("Overrides the Secret's database.")
            String database,

            @Nullable
            @JsonPropertyDescription("As in libpq: disable, require, verify-ca or verify-full. "
                    + "Default: verify-full where sslRootCert is given, else require.")
            SslMode sslMode,

            @Nullable @JsonPropertyDescription("The certificate of the authority that signed the server's.")
            RootCert sslRootCert) {

        /** The mode as libpq spells it, by the default that the field's description tells. */
        public String effectiveSslMode() {
            if (sslMode != null) return sslMode.text;
            return (sslRootCert == null ? SslMode.REQUIRE : SslMode.VERIFY_FULL).text;
        }
    }

    /** How the connection is protected. */
    public enum SslMode {
        DISABLE("disable"),
        REQUIRE("require"),
        VERIFY_CA("verify-ca"),
        VERIFY_FULL("verify-full");

        @JsonValue
        private final String text;

        SslMode(String text) {
            this.text = text;
        }
    }

    /**
     * A Secret.
     *
     * @param name its name
     */
    public record SecretRef(
            @Required @Size(min = 1, max = 253) @JsonPropertyDescription("Name of the Secret.")
            String name) {}

    /**
     * A certificate.
     *
     * @param secretKeyRef where it is
     */
    public record RootCert(
            @Required @JsonPropertyDescription("A key of a Secret in the same namespace.")
            SecretKeyRef secretKeyRef) {}

    /**
     * A key of a Secret.
     *
     * @param name the Secret's name
     * @param key the key
     */
    public record SecretKeyRef(
            @Required @Size(min = 1, max = 253) @JsonPropertyDescription("Name of the Secret.")
            String name,

            @Required @Size(min = 1, max = 253) @JsonPropertyDescription("The key, such as ca.crt.")
            String key) {}

    /**
     * Where the record of what ran is kept.
     *
     * @param schema a schema of the database
     */
    public record Ledger(
            @Default("cairn")
            @Size(min = 1, max = 63)
            @Pattern("^[a-z_][a-z0-9_]*$")
            @JsonPropertyDescription("The schema, created by the first migration. Cannot change.")
            String schema) {}

    /**
     * How schema steps wait for locks.
     *
     * @param timeout of one attempt
     * @param retryFor of all
     */
    @ValidationRule(
            value = "!has(self.timeout) || self.timeout.matches('[1-9]')",
            message = "timeout is more than zero, such as 2s")
    public record Locks(
            @Default("2s")
            @Pattern(Api.DURATION)
            @Size(min = 2, max = 20)
            @JsonPropertyDescription("How long a step waits for all its locks together while others wait behind "
                    + "it. Then the step is rolled back and tried again.")
            String timeout,

            @Default("10m")
            @Pattern(Api.DURATION)
            @Size(min = 2, max = 20)
            @JsonPropertyDescription("How long a step is tried again before its pod gives up. The Job then "
                    + "tries again after a pause.")
            String retryFor) {
        /** What holds where the target says nothing. */
        public static final Locks DEFAULTS = new Locks("2s", "10m");
    }

    /**
     * What may be shown of the database's contents.
     *
     * @param keys whether keys may be
     */
    public record Report(
            @Default("true")
            @JsonPropertyDescription("Whether keys are shown: of checkpoints, batches and rows that failed. Where they "
                    + "hold personal data, such as email addresses, set it to false; the ledger has them. Counts from "
                    + "the next start.")
            boolean keys) {}

    /**
     * Which containers may run.
     *
     * @param allowedImages patterns
     */
    public record Containers(
            @Required
            @Size(max = 32)
            @JsonPropertyDescription("Images as migrations write them, such as registry.example/chat/*@sha256:*. "
                    + "A * stands for any characters but a slash.")
            List<@Size(min = 1, max = 500) String> allowedImages) {
        /** A missing list is an empty one. */
        public Containers {
            allowedImages = SchemaMigrationSpec.copy(allowedImages);
        }
    }

    /**
     * What the Jobs' pods need.
     *
     * @param resources of the container
     * @param nodeSelector of the pod
     * @param tolerations of the pod
     * @param imagePullSecrets of the pod
     * @param podMetadata labels and annotations of the pod
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Job(
            @Nullable
            @JsonPropertyDescription("Resources of the container that works: the runner, or the migration's own.")
            ResourceRequirements resources,

            @Nullable @Size(max = 32) @JsonPropertyDescription("Labels of the nodes that may run the pods.")
            Map<String, String> nodeSelector,

            @Nullable @Size(max = 32) @JsonPropertyDescription("Taints that the pods tolerate.")
            List<Toleration> tolerations,

            @Nullable @Size(max = 16) @JsonPropertyDescription("Secrets for pulling the images.")
            List<LocalObjectReference> imagePullSecrets,

            @Nullable
            @JsonPropertyDescription("Labels and annotations that the pods get beside Cairn's own, for example for a "
                    + "service mesh or a cost report.")
            PodMetadata podMetadata) {}

    /**
     * Labels and annotations of the Jobs' pods.
     *
     * @param labels beside Cairn's own, which win
     * @param annotations beside Cairn's own, which win
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record PodMetadata(
            @Size(max = 32) @JsonPropertyDescription("Labels. Cairn's own keep their values.")
            Map<String, String> labels,

            @Size(max = 32) @JsonPropertyDescription("Annotations. Cairn's own keep their values.")
            Map<String, String> annotations) {
        /** Missing maps are empty ones. */
        public PodMetadata {
            labels = copy(labels);
            annotations = copy(annotations);
        }

        private static Map<String, String> copy(@Nullable Map<String, String> map) {
            // sorted, so that the same target gives the same text in every process
            return map == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(map));
        }
    }
}
