/** The program that {@code ./demo} runs after the build. */
@NullMarked
package dev.cairn.e2e.demo;

import org.jspecify.annotations.NullMarked;
