/**
 * Beside a container of the user's own: begins the migration in the ledger, hands the container its checkpoint, mirrors
 * how far it is, and records how it ended. The container itself is started by the launcher (folder {@code launcher}),
 * which talks to this side through files.
 */
@NullMarked
package dev.cairn.runner.container;

import org.jspecify.annotations.NullMarked;
