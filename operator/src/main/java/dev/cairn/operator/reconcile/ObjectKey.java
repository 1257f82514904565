package dev.cairn.operator.reconcile;

/**
 * The name of one object of a reconciled kind.
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
