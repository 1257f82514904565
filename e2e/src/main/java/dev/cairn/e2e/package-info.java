/** What scenarios, benchmarks and the demo share: a cluster, a database outside it, and the chart. */
@NullMarked
package dev.cairn.e2e;

import org.jspecify.annotations.NullMarked;
