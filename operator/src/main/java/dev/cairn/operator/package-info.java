/** The operator's process. For each kind of resource it observes, decides, acts and reports. */
@NullMarked
package dev.cairn.operator;

import org.jspecify.annotations.NullMarked;
