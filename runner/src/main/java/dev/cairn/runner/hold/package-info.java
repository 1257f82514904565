/**
 * What makes a backfill wait: signals of the database. A separate connection reads them every second and compares them
 * with the limits of the settings. An unknown signal makes the backfill wait, too.
 */
@NullMarked
package dev.cairn.runner.hold;

import org.jspecify.annotations.NullMarked;
