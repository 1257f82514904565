/** The operator's process: observe, decide, act, report for each kind of resource. */
@NullMarked
package dev.cairn.operator;

import org.jspecify.annotations.NullMarked;
