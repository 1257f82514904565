/**
 * Reads SQL the way PostgreSQL's own scanner does, with standard_conforming_strings on: enough to split a text into
 * statements, to find placeholders, and to tell what a statement is. Parses no expressions and knows no JDBC.
 *
 * <p>{@link dev.cairn.runner.sql.Script} is the way in; {@link dev.cairn.runner.sql.SqlRefused} is the only thing that
 * it throws, whatever the text.
 */
@NullMarked
package dev.cairn.runner.sql;

import org.jspecify.annotations.NullMarked;
