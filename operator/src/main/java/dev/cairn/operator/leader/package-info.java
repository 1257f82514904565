/** The lease that one replica holds, and the gate that refuses every write without it. */
@NullMarked
package dev.cairn.operator.leader;

import org.jspecify.annotations.NullMarked;
