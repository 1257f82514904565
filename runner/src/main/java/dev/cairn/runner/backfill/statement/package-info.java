/** The plan's statement, and the proof that it touches its batch alone. */
@NullMarked
package dev.cairn.runner.backfill.statement;

import org.jspecify.annotations.NullMarked;
