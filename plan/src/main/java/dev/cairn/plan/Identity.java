package dev.cairn.plan;

import static dev.cairn.plan.Check.require;

/**
 * The name under which a database records a migration. Neither the cluster nor the namespace is part of it. So a copy
 * of the database that is restored elsewhere, under the same scope, knows what has run.
 *
 * @param scope the target's {@code spec.scope}, 1 to 63 characters
 * @param kind which resource it is
 * @param name the resource's name, 1 to 253 characters
 */
public record Identity(String scope, MigrationKind kind, String name) {
    /** @throws IllegalArgumentException if a part is empty or too long; the message opens with its name */
    public Identity {
        require(!scope.isEmpty() && scope.length() <= 63, "scope: 1 to 63 characters");
        require(!name.isEmpty() && name.length() <= 253, "name: 1 to 253 characters");
    }

    /** Such as {@code DataMigration/messages-backfill-mood}. */
    @Override
    public String toString() {
        return kind + "/" + name;
    }
}
