/**
 * What makes a backfill wait: signals of the database, looked at every second on a connection of their own and compared
 * with the limits of the settings. Whatever cannot be told holds.
 */
@NullMarked
package dev.cairn.runner.hold;

import org.jspecify.annotations.NullMarked;
