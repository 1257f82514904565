/** How a run ends: its failure type, the signal to stop, and the termination message for Kubernetes. */
@NullMarked
package dev.cairn.runner.end;

import org.jspecify.annotations.NullMarked;
