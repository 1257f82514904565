/** From a migration and its target to a plan, and from those to a Job and its ConfigMaps: pure, no client in sight. */
@NullMarked
package dev.cairn.operator.job;

import org.jspecify.annotations.NullMarked;
