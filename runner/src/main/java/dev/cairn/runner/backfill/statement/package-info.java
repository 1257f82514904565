/** The plan's statement, and the check that it affects only its batch. */
@NullMarked
package dev.cairn.runner.backfill.statement;

import org.jspecify.annotations.NullMarked;
