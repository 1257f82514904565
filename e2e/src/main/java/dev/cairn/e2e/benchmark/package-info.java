/** Measurements of the operator. They are printed, not asserted. */
@NullMarked
package dev.cairn.e2e.benchmark;

import org.jspecify.annotations.NullMarked;
