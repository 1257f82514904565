/** PostgreSQL servers outside the cluster, as most production databases are. */
@NullMarked
package dev.cairn.e2e.database;

import org.jspecify.annotations.NullMarked;
