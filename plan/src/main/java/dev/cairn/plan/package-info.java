/**
 * What the operator gives to a Job and what it gets back: records with a JSON form. This package knows neither
 * Kubernetes nor JDBC.
 *
 * <p>In: {@link dev.cairn.plan.Plan} (fixed, hashed), {@link dev.cairn.plan.Settings} (may change while the Job runs),
 * both as files at the places that {@link dev.cairn.plan.Mounts} names. Out: {@link dev.cairn.plan.Progress} over HTTP,
 * {@link dev.cairn.plan.Outcome} as the container's termination message, {@link dev.cairn.plan.ExitCode}.
 */
@NullMarked
package dev.cairn.plan;

import org.jspecify.annotations.NullMarked;
