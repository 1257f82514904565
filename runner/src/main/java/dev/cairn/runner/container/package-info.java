/**
 * The runner beside a user's container. It begins the migration in the ledger, gives the container its checkpoint,
 * reports the progress, and records the end. The launcher (folder {@code launcher}) starts the container's command.
 * Both exchange files.
 */
@NullMarked
package dev.cairn.runner.container;

import org.jspecify.annotations.NullMarked;
