package dev.cairn.crds;

import dev.cairn.plan.MigrationKind;
import io.fabric8.kubernetes.api.model.HasMetadata;
import org.jspecify.annotations.Nullable;

/** Either kind of migration, for code that handles both alike. */
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

    /**
     * Its kind and name, such as {@code DataMigration/messages-backfill-mood}. Dependencies and messages use this form.
     */
    default String reference() {
        return migrationKind() + "/" + getMetadata().getName();
    }
}
