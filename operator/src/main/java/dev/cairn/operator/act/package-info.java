/** Writes to the cluster. Only {@code leader} writes besides it: the operator's own lease. */
@NullMarked
package dev.cairn.operator.act;

import org.jspecify.annotations.NullMarked;
