/** The clusters to run on, one interface and three ways behind it. */
@NullMarked
package dev.cairn.e2e.cluster;

import org.jspecify.annotations.NullMarked;
