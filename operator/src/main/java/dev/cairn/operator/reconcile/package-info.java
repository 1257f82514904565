/** The loop that calls a reconciler for every object that needs a pass: a queue, its workers, retries. */
@NullMarked
package dev.cairn.operator.reconcile;

import org.jspecify.annotations.NullMarked;
