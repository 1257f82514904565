/** Workers that walk ranges side by side, and what each does when its connection breaks. */
@NullMarked
package dev.cairn.runner.backfill.worker;

import org.jspecify.annotations.NullMarked;
