package dev.cairn.crds;

import java.util.List;

/** What the specs of both kinds of migration have in common. */
public sealed interface MigrationSpec permits SchemaMigrationSpec, DataMigrationSpec {
    /** The database it runs on. */
    TargetRef targetRef();

    /** What must be Ready first; empty for nothing. */
    List<Dependency> dependsOn();

    /** Whether it waits until {@code suspend} is false. */
    boolean suspend();
}
