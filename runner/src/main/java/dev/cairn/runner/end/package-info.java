/** How a run ends: the one kind of failure, the signal to stop, and what is left behind for Kubernetes. */
@NullMarked
package dev.cairn.runner.end;

import org.jspecify.annotations.NullMarked;
