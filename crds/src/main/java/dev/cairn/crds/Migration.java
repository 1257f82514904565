package dev.cairn.crds;

import dev.cairn.plan.MigrationKind;
import io.fabric8.kubernetes.api.model.HasMetadata;
import org.jspecify.annotations.Nullable;

/** Either kind of migration, for code that does not care which. */
public sealed interface Migration extends HasMetadata permits SchemaMigration, DataMigration {
    /** Its spec; the API server refuses an object without one. */
    MigrationSpec spec();

    /** Its status as last published, null for a new object. */
    @Nullable
    MigrationStatus status();

    /** Which of the two it is. */
    default MigrationKind migrationKind() {
        return switch (this) {
            case SchemaMigration ignored -> MigrationKind.SchemaMigration;
            case DataMigration ignored -> MigrationKind.DataMigration;
        };
    }

    /** Such as {@code DataMigration/messages-backfill-mood}: the form in which others depend on it and people read it. */
    default String reference() {
        return migrationKind() + "/" + getMetadata().getName();
    }
}
