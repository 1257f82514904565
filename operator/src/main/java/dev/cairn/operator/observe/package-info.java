/** Gathers the facts about a migration: from informers, the runners' progress, and ConfigMaps read live for a plan. */
@NullMarked
package dev.cairn.operator.observe;

import org.jspecify.annotations.NullMarked;
