/** The main program of a migration's Job: reads its files, carries out the plan, says how it ended. */
@NullMarked
package dev.cairn.runner;

import org.jspecify.annotations.NullMarked;
