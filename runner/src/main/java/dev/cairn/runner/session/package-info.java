/** Connections to the target database: its address, the setup of a session, and the meaning of its failures. */
@NullMarked
package dev.cairn.runner.session;

import org.jspecify.annotations.NullMarked;
