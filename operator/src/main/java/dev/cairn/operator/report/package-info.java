/** Makes the status from a decision. The code is pure. */
@NullMarked
package dev.cairn.operator.report;

import org.jspecify.annotations.NullMarked;
