/**
 * Makes a plan from a migration and its target, and from those a Job and its ConfigMaps. The code is pure: it uses no
 * client.
 */
@NullMarked
package dev.cairn.operator.job;

import org.jspecify.annotations.NullMarked;
