package dev.cairn.operator.reconcile;

/**
 * What a worker looks at: one object of one of the reconciled kinds.
 *
 * @param kind such as {@code SchemaMigration}
 * @param namespace of the object
 * @param name of the object
 */
public record ObjectKey(String kind, String namespace, String name) {
    /** Such as {@code team/SchemaMigration/messages-add-mood}. */
    @Override
    public String toString() {
        return namespace + "/" + kind + "/" + name;
    }
}
