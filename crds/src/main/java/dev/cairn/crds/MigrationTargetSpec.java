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
 * @param scope the name under which the database records what ran
 * @param connection where it is
 * @param ledger where it records what ran, null for the defaults
 * @param locks how schema steps wait for locks, null for the defaults
 * @param pace the default for its data migrations, null for Cairn's defaults
 * @param containers which containers may run on it, null for none
 * @param report what status and log may show of the database's contents, null for the defaults
 * @param job what the Jobs' pods need, null for nothing
 * @param suspend whether everything on it waits
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "self.scope == oldSelf.scope",
        message = "scope cannot change: the database records what ran under this name")
public record MigrationTargetSpec(
        @Required
        @Size(min = 1, max = 63)
        @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")
        @JsonPropertyDescription(
                "The name under which the database records which migrations ran. Use the same name in every "
                        + "cluster and namespace that migrates this database. Cannot change.")
        String scope,

        @Required
        @JsonPropertyDescription(
                "How the Jobs connect to the database. The operator never connects to it and never reads the "
                        + "Secret.")
        Connection connection,

        @Nullable @JsonPropertyDescription("Where the database records what ran.")
        Ledger ledger,

        @Nullable @JsonPropertyDescription("How the steps of schema migrations wait for locks.")
        Locks locks,

        @Nullable @JsonPropertyDescription("The default pace of data migrations. May change at any time.")
        Pace pace,

        @Nullable
        @JsonPropertyDescription("Which containers of data migrations may run on this database. Default: none.")
        Containers containers,

        @Nullable
        @JsonPropertyDescription(
                "What status, logs and Events may show of the database's contents. They never show values of "
                        + "rows: only the ledger's tables event and skipped have those.")
        Report report,

        @Nullable @JsonPropertyDescription("Settings of the Jobs' pods on this cluster.")
        Job job,

        @Default("false")
        @JsonPropertyDescription(
                "true stops every migration on this database, or keeps it from starting, until it is set to "
                        + "false.")
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
            @JsonPropertyDescription("As in libpq: disable, require, verify-ca or verify-full. Default: verify-full if "
                    + "sslRootCert is set, else require.")
            SslMode sslMode,

            @Nullable @JsonPropertyDescription("The certificate of the authority that signed the server's certificate.")
            RootCert sslRootCert) {

        /** The mode as libpq spells it, with the default that the field's description names. */
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
     * Where the database records what ran.
     *
     * @param schema a schema of the database
     */
    public record Ledger(
            @Default("cairn")
            @Size(min = 1, max = 63)
            @Pattern("^[a-z_][a-z0-9_]*$")
            @JsonPropertyDescription("The schema. The first migration creates it. Cannot change.")
            String schema) {}

    /**
     * How migrations wait for locks.
     *
     * @param timeout of one attempt of a schema step
     * @param retryFor of all attempts, of batches too
     */
    @ValidationRule(
            value = "!has(self.timeout) || self.timeout.matches('[1-9]')",
            message = "timeout is more than zero, such as 2s")
    public record Locks(
            @Default("2s")
            @Pattern(Api.DURATION)
            @Size(min = 2, max = 20)
            @JsonPropertyDescription(
                    "How long a step may wait for its locks, all of them together, while other sessions wait "
                            + "behind it. Then Cairn rolls the step back and tries it again.")
            String timeout,

            @Default("10m")
            @Pattern(Api.DURATION)
            @Size(min = 2, max = 20)
            @JsonPropertyDescription(
                    "How long a pod tries a step or a batch again that meets locks, before it fails. The Job then "
                            + "starts another pod after a pause.")
            String retryFor) {
        /** The defaults. */
        public static final Locks DEFAULTS = new Locks("2s", "10m");
    }

    /**
     * What status, logs and Events may show of the database's contents.
     *
     * @param keys whether they may show keys
     */
    public record Report(
            @Default("true")
            @JsonPropertyDescription(
                    "Whether they show the keys of checkpoints, batches and rows that failed. Set it to false "
                            + "where keys are personal data, such as email addresses; the ledger still has them. A change "
                            + "takes effect at the next start.")
            boolean keys) {}

    /**
     * Which containers may run.
     *
     * @param allowedImages patterns
     */
    public record Containers(
            @Required
            @Size(max = 32)
            @JsonPropertyDescription(
                    "Images as migrations write them, such as registry.example/chat/*@sha256:*. A * matches any "
                            + "characters except a slash.")
            List<@Size(min = 1, max = 500) String> allowedImages) {
        /** A missing list is an empty one. */
        public Containers {
            allowedImages = SchemaMigrationSpec.copy(allowedImages);
        }
    }

    /**
     * Settings of the Jobs' pods.
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
            @JsonPropertyDescription(
                    "Resources of the container that does the work: the runner, or the migration's own container.")
            ResourceRequirements resources,

            @Nullable @Size(max = 32) @JsonPropertyDescription("Labels of the nodes that may run the pods.")
            Map<String, String> nodeSelector,

            @Nullable @Size(max = 32) @JsonPropertyDescription("Taints that the pods tolerate.")
            List<Toleration> tolerations,

            @Nullable @Size(max = 16) @JsonPropertyDescription("Secrets for pulling the images.")
            List<LocalObjectReference> imagePullSecrets,

            @Nullable
            @JsonPropertyDescription(
                    "More labels and annotations for the pods, for example for a service mesh or a cost report.")
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
