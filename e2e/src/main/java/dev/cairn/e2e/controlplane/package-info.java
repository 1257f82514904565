/**
 * Kubernetes without nodes: the API server and its store as processes of this machine, and stand-ins for the parts that
 * run pods.
 */
@NullMarked
package dev.cairn.e2e.controlplane;

import org.jspecify.annotations.NullMarked;
