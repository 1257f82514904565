/** Property tests without a library: cases drawn from a seed that a failing one prints. */
package dev.cairn.cases;
