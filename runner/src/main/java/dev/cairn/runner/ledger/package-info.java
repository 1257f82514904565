/**
 * What the target database records: which migrations ran, how far they are, and which start may continue them. Every
 * statement names its schema; nothing depends on the session's search_path. Methods work inside the caller's
 * transaction unless they say otherwise.
 */
@NullMarked
package dev.cairn.runner.ledger;

import org.jspecify.annotations.NullMarked;
