/** Gathers what is known of a migration: informers, the runners' progress, and ConfigMaps read live for a plan. */
@NullMarked
package dev.cairn.operator.observe;

import org.jspecify.annotations.NullMarked;
