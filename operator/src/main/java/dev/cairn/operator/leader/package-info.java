/** The lease of the active replica, and the gate that refuses every write without it. */
@NullMarked
package dev.cairn.operator.leader;

import org.jspecify.annotations.NullMarked;
