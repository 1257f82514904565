/**
 * What to do next: pure functions from an observation to a sealed {@link dev.cairn.operator.decide.Decision}. The
 * package imports neither Kubernetes nor JDBC; a test checks that.
 */
@NullMarked
package dev.cairn.operator.decide;

import org.jspecify.annotations.NullMarked;
