/** From a decision to the status that people and tools read: pure. */
@NullMarked
package dev.cairn.operator.report;

import org.jspecify.annotations.NullMarked;
