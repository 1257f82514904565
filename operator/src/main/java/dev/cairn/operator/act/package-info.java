/** The only package that writes to the cluster. */
@NullMarked
package dev.cairn.operator.act;

import org.jspecify.annotations.NullMarked;
