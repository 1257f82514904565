/** Measurements of the operator, printed and never asserted. */
@NullMarked
package dev.cairn.e2e.benchmark;

import org.jspecify.annotations.NullMarked;
