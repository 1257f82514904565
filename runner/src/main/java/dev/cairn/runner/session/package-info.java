/** Connections to the target database: where it is, how a session is set up, and what its failures mean. */
@NullMarked
package dev.cairn.runner.session;

import org.jspecify.annotations.NullMarked;
