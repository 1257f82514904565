/** Whether what the documentation says is so. */
@NullMarked
package dev.cairn.e2e.docs;

import org.jspecify.annotations.NullMarked;
