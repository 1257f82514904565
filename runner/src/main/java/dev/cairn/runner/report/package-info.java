/** The reports of a run: a log for people, progress for the operator and for Prometheus. */
@NullMarked
package dev.cairn.runner.report;

import org.jspecify.annotations.NullMarked;
