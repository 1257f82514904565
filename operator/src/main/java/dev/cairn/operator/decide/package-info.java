/**
 * What to do next: pure functions from what was observed to a sealed {@link dev.cairn.operator.decide.Decision}. Imports
 * no Kubernetes and no JDBC; a test keeps it so.
 */
@NullMarked
package dev.cairn.operator.decide;

import org.jspecify.annotations.NullMarked;
