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

/** The labels and annotations by which the operator finds its objects. They are never copied from users' objects. */
public final class Labels {
    /** Kubernetes' own label; its value here is {@link #CAIRN}. */
    public static final String MANAGED_BY = "app.kubernetes.io/managed-by";

    /** The value of {@link #MANAGED_BY}. */
    public static final String CAIRN = "cairn";

    /** The UID of the migration. */
    public static final String UID = "cairn.dev/uid";

    /** The kind of the migration. */
    public static final String KIND = "cairn.dev/kind";

    /** The name of the migration, shortened if it is too long for a label. */
    public static final String NAME = "cairn.dev/name";

    /** The name of the target, shortened if it is too long for a label. */
    public static final String TARGET = "cairn.dev/target";

    /** The purpose of an object that belongs to no migration; its value is {@link #LEDGER_READER}. */
    public static final String ROLE = "cairn.dev/role";

    /** The value of {@link #ROLE} on Jobs that only read a target's ledger, and on their objects. */
    public static final String LEDGER_READER = "ledger-reader";

    /** An annotation with the plan's hash, which is too long for a label. */
    public static final String PLAN = "cairn.dev/plan";

    /** An annotation of Jobs that only estimate their plan; its value is {@link #DRY_RUN}. */
    public static final String MODE = "cairn.dev/mode";

    /** The value of {@link #MODE}. */
    public static final String DRY_RUN = "DryRun";

    /** An annotation with the whole name of the migration, or of the target whose ledger is read. */
    public static final String FULL_NAME = "cairn.dev/full-name";

    /**
     * An annotation with the digest of a Job's settings. It is on their ConfigMap and on pods. On a pod, a change makes
     * the kubelet refresh its files at once.
     */
    public static final String SETTINGS = "cairn.dev/settings";

    /** An annotation of Jobs: the number among the Jobs of one plan, from 1; absent for the first. */
    public static final String ATTEMPT = "cairn.dev/attempt";

    /** An annotation of Jobs: the digest of the inputs of its pod. */
    public static final String RENDERED = "cairn.dev/rendered";

    /**
     * An annotation of Jobs: the requested image of the runner. Admission may have replaced it, for example by a
     * mirror's.
     */
    public static final String RUNNER = "cairn.dev/runner";

    /** An annotation of Jobs: the version of the settings that its runner reads; absent for runners of version 0.1. */
    public static final String SETTINGS_VERSION = "cairn.dev/settings-version";

    /** An annotation of Jobs: the known progress of the migration when the Job was made. */
    public static final String STARTED_FROM = "cairn.dev/started-from";

    /** An annotation of Jobs that another Job has replaced. */
    public static final String REPLACED = "cairn.dev/replaced";

    /** All keys. */
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

    /** The labels of every Job, pod and ConfigMap of a migration, sorted. */
    public static Map<String, String> of(Migration migration) {
        var meta = migration.getMetadata();
        return new TreeMap<>(Map.of(
                MANAGED_BY, CAIRN,
                UID, meta.getUid(),
                KIND, migration.migrationKind().name(),
                NAME, value(meta.getName()),
                TARGET, value(migration.spec().targetRef().name())));
    }

    /** The labels that select the Jobs of one kind on one target. */
    public static Map<String, String> onTarget(MigrationKind kind, String target) {
        return Map.of(MANAGED_BY, CAIRN, KIND, kind.name(), TARGET, value(target));
    }

    /** A label of one of Cairn's objects, null where it was removed. */
    public static @Nullable String get(HasMetadata object, String label) {
        var labels = object.getMetadata().getLabels();
        return labels == null ? null : labels.get(label);
    }

    /**
     * The migration of one of Cairn's objects.
     *
     * @param kind of the migration
     * @param name the full name of the migration
     */
    public record Owner(MigrationKind kind, String name) {
        /** Such as {@code SchemaMigration/messages-add-mood}. */
        @Override
        public String toString() {
            return kind + "/" + name;
        }
    }

    /** The migration of an object; empty where its labels were removed. */
    public static Optional<Owner> owner(HasMetadata object) {
        var annotations = object.getMetadata().getAnnotations();
        var name = annotations == null ? null : annotations.get(FULL_NAME);
        if (name == null) return Optional.empty();
        return Arrays.stream(MigrationKind.values())
                .filter(kind -> kind.name().equals(get(object, KIND)))
                .findFirst()
                .map(kind -> new Owner(kind, name));
    }

    /** The target of an object that reads a ledger; empty for objects of migrations. */
    public static Optional<String> readTarget(HasMetadata object) {
        if (!LEDGER_READER.equals(get(object, ROLE))) return Optional.empty();
        var annotations = object.getMetadata().getAnnotations();
        return Optional.ofNullable(annotations == null ? null : annotations.get(FULL_NAME));
    }

    /** A name as a label value. A long name keeps its start and ends in a hash. */
    public static String value(String name) {
        return Names.within(LONGEST, name, name);
    }
}
