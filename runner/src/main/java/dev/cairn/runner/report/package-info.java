/** What a run tells while it goes: a log for people, progress for the operator and for Prometheus. */
@NullMarked
package dev.cairn.runner.report;

import org.jspecify.annotations.NullMarked;
