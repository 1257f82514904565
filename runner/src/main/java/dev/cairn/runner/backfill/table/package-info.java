/** What the server knows of the walked table: where its keys stand, how large it is, and who writes to it. */
@NullMarked
package dev.cairn.runner.backfill.table;

import org.jspecify.annotations.NullMarked;
