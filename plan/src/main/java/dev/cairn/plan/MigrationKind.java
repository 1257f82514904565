package dev.cairn.plan;

/** The two kinds of migration, named as in Kubernetes and in the ledger. */
public enum MigrationKind {
    SchemaMigration,
    DataMigration
}
