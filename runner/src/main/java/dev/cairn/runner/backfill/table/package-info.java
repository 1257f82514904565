/** The server's facts about the walked table: its keys, its size, and the transactions that write to it. */
@NullMarked
package dev.cairn.runner.backfill.table;

import org.jspecify.annotations.NullMarked;
