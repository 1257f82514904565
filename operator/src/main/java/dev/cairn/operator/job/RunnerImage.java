package dev.cairn.operator.job;

/**
 * The image that carries out migrations.
 *
 * @param name with its tag or digest
 * @param pullPolicy Always, IfNotPresent or Never
 * @param fixedUser whether pods name the image's user id; false where the platform assigns a user id to each namespace,
 *     as OpenShift does
 */
public record RunnerImage(String name, String pullPolicy, boolean fixedUser) {}
