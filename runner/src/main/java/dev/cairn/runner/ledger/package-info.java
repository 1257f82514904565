/**
 * What the target database remembers: which migrations ran, how far they are, and who may go on with them. Every
 * statement names its schema; nothing depends on the session's search_path. Methods work inside the caller's
 * transaction unless they say otherwise.
 */
@NullMarked
package dev.cairn.runner.ledger;

import org.jspecify.annotations.NullMarked;
