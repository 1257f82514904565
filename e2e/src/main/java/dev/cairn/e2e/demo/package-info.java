/** What {@code ./demo} runs once everything is built. */
@NullMarked
package dev.cairn.e2e.demo;

import org.jspecify.annotations.NullMarked;
