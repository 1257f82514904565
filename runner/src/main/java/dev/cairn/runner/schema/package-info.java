/**
 * Carries out schema steps and statements that run once. The changes of a step and its row in the ledger commit
 * together. A statement that PostgreSQL refuses inside a transaction runs alone, with a record before and after it.
 */
@NullMarked
package dev.cairn.runner.schema;

import org.jspecify.annotations.NullMarked;
