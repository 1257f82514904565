/** The clusters for scenarios: one interface and three implementations. */
@NullMarked
package dev.cairn.e2e.cluster;

import org.jspecify.annotations.NullMarked;
