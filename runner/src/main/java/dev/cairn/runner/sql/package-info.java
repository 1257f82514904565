/**
 * Reads SQL as PostgreSQL's own scanner does, with standard_conforming_strings on. It splits a text into statements,
 * finds placeholders, and reads what a statement is. It parses no expressions and uses no JDBC.
 *
 * <p>Start with {@link dev.cairn.runner.sql.Script}. The package throws only {@link dev.cairn.runner.sql.SqlRefused},
 * for any text.
 */
@NullMarked
package dev.cairn.runner.sql;

import org.jspecify.annotations.NullMarked;
