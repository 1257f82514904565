/** The main program of a migration's Job. It reads its files, carries out the plan, and reports its end. */
@NullMarked
package dev.cairn.runner;

import org.jspecify.annotations.NullMarked;
