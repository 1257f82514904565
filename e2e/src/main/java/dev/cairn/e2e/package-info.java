/** The common parts of scenarios, benchmarks and the demo: a cluster, a database outside it, and the chart. */
@NullMarked
package dev.cairn.e2e;

import org.jspecify.annotations.NullMarked;
