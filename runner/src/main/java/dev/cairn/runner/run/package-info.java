/** One start of the runner: its inputs, and how engines retry, take over and end. */
@NullMarked
package dev.cairn.runner.run;

import org.jspecify.annotations.NullMarked;
