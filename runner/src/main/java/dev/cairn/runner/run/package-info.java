/** One start of the runner: what it was given, and the ways out of it that engines use. */
@NullMarked
package dev.cairn.runner.run;

import org.jspecify.annotations.NullMarked;
