package dev.cairn.operator.job;

import dev.cairn.crds.Migration;
import dev.cairn.plan.MigrationKind;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The labels and annotations by which the operator finds what it made. They are never copied from users' objects. */
public final class Labels {
    /** Kubernetes' own label; its value here is {@link #CAIRN}. */
    public static final String MANAGED_BY = "app.kubernetes.io/managed-by";

    /** The value of {@link #MANAGED_BY}. */
    public static final String CAIRN = "cairn";

    /** The UID of the migration. */
    public static final String UID = "cairn.dev/uid";

    /** The kind of the migration. */
    public static final String KIND = "cairn.dev/kind";

    /** The name of the migration, shortened where it is longer than a label may be. */
    public static final String NAME = "cairn.dev/name";

    /** The name of the target, shortened likewise. */
    public static final String TARGET = "cairn.dev/target";

    /** What an object that belongs to no migration is for; its value is {@link #LEDGER_READER}. */
    public static final String ROLE = "cairn.dev/role";

    /** The value of {@link #ROLE} on Jobs that only read a target's ledger, and on what belongs to them. */
    public static final String LEDGER_READER = "ledger-reader";

    /** An annotation with the plan's hash, which is longer than a label may be. */
    public static final String PLAN = "cairn.dev/plan";

    /** An annotation of Jobs that do not carry their plan out; its value is {@link #DRY_RUN}. */
    public static final String MODE = "cairn.dev/mode";

    /** The value of {@link #MODE}. */
    public static final String DRY_RUN = "DryRun";

    /** An annotation with the whole name of the migration, or of the target whose ledger is read. */
    public static final String FULL_NAME = "cairn.dev/full-name";

    /**
     * An annotation with the digest of a Job's settings: of the ConfigMap that holds them, and of pods, where changing it
     * makes the kubelet refresh their files at once.
     */
    public static final String SETTINGS = "cairn.dev/settings";

    /** An annotation of Jobs: which one it is of those that carry out one plan, from 1; absent for the first. */
    public static final String ATTEMPT = "cairn.dev/attempt";

    /** An annotation of Jobs: the digest of what its pod was rendered from. */
    public static final String RENDERED = "cairn.dev/rendered";

    /**
     * An annotation of Jobs: the image of the runner that its pod was rendered with. Admission may have put another one
     * there, such as a mirror's.
     */
    public static final String RUNNER = "cairn.dev/runner";

    /** An annotation of Jobs: the version of the settings that its runner reads; absent for runners of version 0.1. */
    public static final String SETTINGS_VERSION = "cairn.dev/settings-version";

    /** An annotation of Jobs: how far the migration was known to be when the Job was made. */
    public static final String STARTED_FROM = "cairn.dev/started-from";

    /** An annotation of Jobs that have given way to another one. */
    public static final String REPLACED = "cairn.dev/replaced";

    /** The keys of all these. */
    public static final Set<String> ALL = Set.of(
            MANAGED_BY,
            UID,
            KIND,
            NAME,
            TARGET,
            ROLE,
            PLAN,
            MODE,
            FULL_NAME,
            SETTINGS,
            ATTEMPT,
            RENDERED,
            RUNNER,
            SETTINGS_VERSION,
            STARTED_FROM,
            REPLACED);

    private static final int LONGEST = 63;

    private Labels() {}

    /** What every Job, pod and ConfigMap of a migration carries, sorted. */
    public static Map<String, String> of(Migration migration) {
        var meta = migration.getMetadata();
        return new TreeMap<>(Map.of(
                MANAGED_BY, CAIRN,
                UID, meta.getUid(),
                KIND, migration.migrationKind().name(),
                NAME, value(meta.getName()),
                TARGET, value(migration.spec().targetRef().name())));
    }

    /** By which the Jobs of one kind on one target are found. */
    public static Map<String, String> onTarget(MigrationKind kind, String target) {
        return Map.of(MANAGED_BY, CAIRN, KIND, kind.name(), TARGET, value(target));
    }

    /** A label of an object of ours, null where somebody took it away. */
    public static @Nullable String get(HasMetadata object, String label) {
        var labels = object.getMetadata().getLabels();
        return labels == null ? null : labels.get(label);
    }

    /**
     * The migration that an object of ours was made for.
     *
     * @param kind of the migration
     * @param name of the migration, whole
     */
    public record Owner(MigrationKind kind, String name) {
        /** Such as {@code SchemaMigration/messages-add-mood}. */
        @Override
        public String toString() {
            return kind + "/" + name;
        }
    }

    /** Whose an object is; empty where somebody took its labels away. */
    public static Optional<Owner> owner(HasMetadata object) {
        var annotations = object.getMetadata().getAnnotations();
        var name = annotations == null ? null : annotations.get(FULL_NAME);
        if (name == null) return Optional.empty();
        return Arrays.stream(MigrationKind.values())
                .filter(kind -> kind.name().equals(get(object, KIND)))
                .findFirst()
                .map(kind -> new Owner(kind, name));
    }

    /** The target whose ledger an object serves to read; empty for those of migrations. */
    public static Optional<String> readTarget(HasMetadata object) {
        if (!LEDGER_READER.equals(get(object, ROLE))) return Optional.empty();
        var annotations = object.getMetadata().getAnnotations();
        return Optional.ofNullable(annotations == null ? null : annotations.get(FULL_NAME));
    }

    /** A name as a label: long ones keep their start and end in a hash. */
    public static String value(String name) {
        return Names.within(LONGEST, name, name);
    }
}
