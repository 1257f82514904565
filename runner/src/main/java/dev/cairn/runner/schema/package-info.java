/**
 * Carries out schema steps and statements that run once. Everything that a step does and its line in the ledger commit
 * together; what PostgreSQL refuses inside a transaction runs alone, recorded before and after.
 */
@NullMarked
package dev.cairn.runner.schema;

import org.jspecify.annotations.NullMarked;
