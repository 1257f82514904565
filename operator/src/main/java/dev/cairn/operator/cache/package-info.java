/** The caches of the objects that the operator watches. */
@NullMarked
package dev.cairn.operator.cache;

import org.jspecify.annotations.NullMarked;
